import type { Fault, NewFault } from '../../../../contract/development.js';

export const targetWords: Record<NewFault['target'], string> = {
  'payment-gateway': 'Payment gateway',
  'delivery-partner': 'Delivery partner',
  mail: 'Mail',
};

export const kindWords: Record<NewFault['kind'], string> = {
  error_500: 'answers with an error',
  stored_500: 'answers with an error, and again for the same key',
  rate_limit: 'says: too many requests',
  timeout: 'does not answer',
  drop_reply: 'does the work and loses the answer',
  refuse_connection: 'refuses the connection',
  delay: 'is slow',
};

export const hitsText = ({ hits, times }: Fault): string =>
  times === undefined ? `${hits} hits` : `${hits} of ${times} hits`;
