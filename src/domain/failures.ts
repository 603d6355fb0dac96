/** Names of the failures that cross from activities to workflows and from workflows to callers. */
export const failures = {
  /** The gateway refused the charge for good; details: `{ code }`. */
  declined: 'PaymentDeclined',
  /** The intent was cancelled before it could succeed. */
  chargeStopped: 'ChargeStopped',
  /** The units are not there any more; nothing was reserved. */
  reservationRefused: 'ReservationRefused',
  /** The partner can never take this order; details: `{ code }`. */
  fulfillmentImpossible: 'FulfillmentImpossible',
  /** A command that this state does not allow; the message says why and what to do. */
  notAllowed: 'NotAllowed',
  /** The delivery workflow carries the order now: ask there. */
  inDelivery: 'InDelivery',
} as const;
export type FailureType = (typeof failures)[keyof typeof failures];
