import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newOrder, ofType, openReceiver, openWorld, pay, shipmentFor, type World } from './testing.js';

const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
const journal = join(folder, 'journal.jsonl');
const order = newOrder();
let before: World;
let after: World;
let intent: string;

/** The first sandbox is never closed before the second reads its journal: a kill -9 leaves just that. */
beforeAll(async () => {
  before = await openWorld({ journal });
  intent = (await pay(before, order)).id;
  await before.stripe.refunds.create({ payment_intent: intent, amount: 100 }, { idempotencyKey: 'refund-1' });
  await before.control('PUT', '/delivery-partner/modes', { prefix: 'po_slow', acceptance: 'silent' });
  await before.partner('POST', '/shipments', shipmentFor('po_slow:1'));
  await before.partner('POST', '/shipments', shipmentFor('po_fast:1'));
  await before.partner('POST', '/shipments/po_fast:1/reminders');
  await before.control('POST', '/faults', { target: 'mail', kind: 'delay', delayMs: 1 });
  appendFileSync(journal, '{"c":"payments","k":"pi_half');
  after = await openWorld({ journal });
});
afterAll(async () => {
  await Promise.all([before.close(), after.close()]);
  rmSync(folder, { recursive: true });
});

describe('the journal', () => {
  it('brings back payments, refunds and idempotency keys', async () => {
    const { json } = await after.control('GET', `/books?orderId=${order}`);
    expect(json).toMatchObject([{ paymentIntent: intent, chargedMinor: 5000, refundedMinor: 100 }]);
    await after.stripe.refunds.create(
      { payment_intent: intent, amount: 100 },
      { idempotencyKey: 'refund-1' },
    );
    expect((await after.stripe.refunds.list({ payment_intent: intent })).data).toHaveLength(1);
  });

  it('brings back shipments, modes and faults', async () => {
    const { json } = await after.control('GET', '/shipments');
    expect(json).toMatchObject([
      { reference: 'po_slow:1', status: 'submitted', reminders: 0 },
      { reference: 'po_fast:1', status: 'accepted', reminders: 1 },
    ]);
    expect((await after.partner('POST', '/shipments', shipmentFor('po_slow:2'))).json.status).toBe(
      'submitted',
    );
    expect((await after.control('GET', '/faults')).json).toMatchObject([{ target: 'mail', kind: 'delay' }]);
  });

  it('survives half a line at its end', async () => {
    const late = newOrder();
    await pay(after, late);
    const third = await openWorld({ journal });
    expect((await third.control('GET', `/books?orderId=${late}`)).json).toHaveLength(1);
    await third.close();
  });

  it('resumes webhooks nobody had taken', async () => {
    const path = join(folder, 'webhooks.jsonl');
    const deaf = await openReceiver(() => 500);
    const first = await openWorld({ journal: path, paymentWebhookUrl: deaf.url });
    await pay(first, newOrder());
    await deaf.next(ofType('payment_intent.succeeded'));
    await first.close();
    const receiver = await openReceiver();
    const second = await openWorld({ journal: path, paymentWebhookUrl: receiver.url });
    await receiver.next(ofType('payment_intent.succeeded'));
    await Promise.all([second.close(), deaf.close(), receiver.close()]);
  });
});
