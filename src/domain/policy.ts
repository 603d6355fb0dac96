import { DAY, HOUR, MINUTE } from './deadline.js';

/**
 * Every duration and limit an order lives by; all spans in milliseconds.
 * Defaults come from configuration, a product may override them, and an order freezes its own copy.
 */
export interface Policy {
  /** From the release date to the deadline. */
  graceMs: number;
  /** Who starts fulfillment: a person, or the order itself at the release date. */
  startFulfillment: 'manual' | 'at_release';
  /** First reminder to the partner while pickup is awaited; each next wait is `reminderGrowth` times longer. */
  pickupReminderMs: number;
  reminderGrowth: number;
  reminderCapMs: number;
  /** After so many reminders a person is called. */
  remindersBeforeAttention: number;
  /** How long the partner may leave a booking or a cancel request unanswered. */
  partnerSilenceMs: number;
  /** How long a shipment under way may show no event. */
  transitSilenceMs: number;
  /** After so many failed delivery attempts a person is called. */
  failedAttemptsBeforeAttention: number;
  /** An undo that has not succeeded for so long is shown to a person (it keeps being retried). */
  undoAlarmMs: number;
  /** First look at a refund that is not settled; the waits grow up to `refundPollCapMs`. */
  refundPollMs: number;
  refundPollCapMs: number;
  /** A refund that succeeded can still fail for about 30 days (Stripe): it is watched this long. */
  refundWatchMs: number;
  /** A refund that has been on its way for so long is shown to a person. */
  refundPendingAlarmMs?: number;
  /** Most units in one order. */
  maxQuantity: number;
}

export const defaultPolicy: Policy = {
  graceMs: 7 * DAY,
  startFulfillment: 'manual',
  pickupReminderMs: 24 * HOUR,
  reminderGrowth: 1.5,
  reminderCapMs: 7 * DAY,
  remindersBeforeAttention: 3,
  partnerSilenceMs: 48 * HOUR,
  transitSilenceMs: 14 * DAY,
  failedAttemptsBeforeAttention: 3,
  undoAlarmMs: 15 * MINUTE,
  refundPollMs: HOUR,
  refundPollCapMs: DAY,
  refundWatchMs: 35 * DAY,
  refundPendingAlarmMs: 7 * DAY,
  maxQuantity: 10,
};

export type PolicyOverrides = Partial<Policy>;

export function policyWith(...overrides: (PolicyOverrides | null | undefined)[]): Policy {
  return Object.assign({}, defaultPolicy, ...overrides.map((o) => o ?? {})) as Policy;
}
