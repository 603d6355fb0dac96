export { order } from './order.js';
export { delivery } from './delivery.js';
export { refund } from './refund.js';
export { reconciliation } from './reconciliation.js';
