import type { Client } from '@temporalio/client';
import { expect } from 'vitest';
import { decrypted } from '../../support/payloads.js';
import { textsOf } from '../../support/texts.js';

/** Planted with each order, and looked for wherever they have no business. */
export const canary = {
  name: 'Canary Cardamom',
  email: 'canary.cardamom@cage.example',
  street: '77 Birdcage Walk',
  city: 'Featherstone',
  zip: 'CN4RY',
};

export const customer = {
  name: canary.name,
  email: canary.email,
  address: { street: canary.street, city: canary.city, zip: canary.zip, country: 'US' },
};

/** None of these words, however it is written down. */
export function expectNoneOf(words: Record<string, string>, text: string): void {
  for (const [what, value] of Object.entries(words)) {
    const forms = [
      value,
      JSON.stringify(value).slice(1, -1),
      Buffer.from(value).toString('base64').replace(/=+$/, ''),
    ];
    for (const form of forms) {
      const at = text.indexOf(form);
      expect(at < 0 ? '' : text.slice(Math.max(0, at - 200), at + 100), what).toBe('');
    }
  }
}

/** What Temporal keeps of an order as it stands there, and each payload of it for whoever holds the key. */
export interface Kept {
  raw: string;
  clear: string[];
}

/** `ended`: the history is written a moment after the facts that the API answers from. */
export async function keptBy(temporal: Client, orderId: string, ended: boolean): Promise<Kept> {
  const kept: unknown[] = [];
  if (ended) await temporal.workflow.getHandle(`order-${orderId}`).result();
  for (const kind of ['order', 'delivery', 'refund']) {
    const handle = temporal.workflow.getHandle(`${kind}-${orderId}`);
    const history = await handle.fetchHistory().catch(() => undefined);
    if (!history) continue;
    const { searchAttributes, memo, raw } = await handle.describe();
    kept.push(history, searchAttributes, memo, raw);
  }
  return { raw: kept.map(textsOf).join('\n'), clear: await decrypted(kept) };
}

/**
 * Everything that a payload may say, for years, to whoever holds the key: ids, amounts, products, instants, the policy of
 * the order, what was decided and how it went. A new field needs a line here, and a reason: it can never be taken back.
 */
export const fieldsOfPayloads = new Set([
  ...['orderId', 'eventId', 'order', 'sku', 'quantity', 'amountMinor', 'currency', 'releaseAt', 'deadlineAt'],
  ...['version', 'at', 'attempt', 'status', 'fulfillment', 'booked', 'refund', 'started', 'done'],
  // Who decided: a kind of person, and the id of their key; of a customer the beginning of the token's hash.
  ...['by', 'kind', 'id', 'action', 'reason', 'answer', 'outcome', 'step', 'undoes'],
  // Where a proof is kept, and never what it says.
  'reference',
  // In our own words, and the gateway's codes; of what fails also the partner's words, and where in the code.
  ...['detail', 'message', 'code', 'stack_trace'],
  ...['policy', 'graceMs', 'startFulfillment', 'pickupReminderMs', 'reminderGrowth', 'reminderCapMs'],
  ...['remindersBeforeAttention', 'partnerSilenceMs', 'transitSilenceMs', 'failedAttemptsBeforeAttention'],
  ...[
    'undoAlarmMs',
    'refundPollMs',
    'refundPollCapMs',
    'refundWatchMs',
    'refundPendingAlarmMs',
    'maxQuantity',
  ],
  // Of the SDK, which notes when each local activity ran, and which patches a workflow has.
  ...['deprecated', 'seq'],
  ...[
    'activity_id',
    'activity_type',
    'complete_time',
    'backoff',
    'original_schedule_time',
    'seconds',
    'nanos',
  ],
]);
