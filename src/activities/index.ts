import { heedingRetryAfter } from './failing.js';
import { createDeliveryActivities } from './delivery.js';
import type { Deps } from './deps.js';
import { createFulfillmentActivities } from './fulfillment.js';
import { createInventoryActivities } from './inventory.js';
import { createOrderActivities } from './order.js';
import { createPaymentActivities } from './payment.js';
import { createReconciliationActivities } from './reconciliation/index.js';
import { createRefundActivities } from './refund.js';

export function createActivities(deps: Deps) {
  return heedingRetryAfter({
    ...createPaymentActivities(deps),
    ...createInventoryActivities(deps),
    ...createFulfillmentActivities(deps),
    ...createDeliveryActivities(deps),
    ...createRefundActivities(deps),
    ...createOrderActivities(deps),
    ...createReconciliationActivities(deps),
  });
}

export type Activities = ReturnType<typeof createActivities>;
