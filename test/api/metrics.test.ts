import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AttentionList } from '../../src/contract/api.js';
import { called, placed, startedWith } from '../support/flows.js';
import { chargedByHand, reconcile } from '../support/reconciling.js';
import { createWorld, type World } from '../support/world.js';
import { createHttp, type Http } from './support/http.js';

let world: World;
let http: Http;
beforeAll(async () => {
  world = await createWorld();
  http = createHttp(world.url, world.operatorKey);
});
afterAll(async () => {
  http.close();
  await world.close();
});

/** `name{labels}` → value, as Prometheus reads it. */
async function scrape(): Promise<Record<string, number>> {
  const got = await http.send({ path: '/metrics' });
  expect(got).toMatchObject({ status: 200 });
  expect(got.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
  const lines = got.text.split('\n').filter((line) => line && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

describe('the metrics', () => {
  it('count orders by status, zero included', async () => {
    await placed(world);
    const cancelled = await placed(world);
    await world.command(cancelled, 'cancel');
    await world.untilStatus(cancelled, 'cancelled');
    expect(await scrape()).toMatchObject({
      'preorder_orders{status="awaiting_release"}': 1,
      'preorder_orders{status="cancelled"}': 1,
      'preorder_orders{status="in_transit"}': 0,
      'preorder_needs_attention{reason="refund_failed"}': 0,
    });
  });

  it('say what needs a person, since when, and no longer once it is resolved', async () => {
    const id = await startedWith(world, { acceptance: 'reject' }, { quantity: 2 });
    await called(world, id, 'partner_rejected');
    expect(await world.resolve(id, 'cancel')).toMatchObject({ status: 202 });
    const open = await scrape();
    expect(open).toMatchObject({
      'preorder_needs_attention{reason="partner_rejected"}': 1,
      'preorder_waiting{queue="proposals"}': 1,
    });
    expect(open['preorder_needs_attention_oldest_seconds{reason="partner_rejected"}']).toBeGreaterThan(0);
    await world.sandbox.modes({ prefix: id, acceptance: 'now' });
    await world.resolve(id, 'rebook');
    await world.until(id, (o) => o.needsAttention?.reason !== 'partner_rejected');
    expect(await scrape()).toMatchObject({ 'preorder_waiting{queue="proposals"}': 0 });
  });

  it('say what does not fit together, and for how long nobody has looked', async () => {
    const before = await scrape();
    expect(before['preorder_findings{kind="charge_without_order"}']).toBe(0);
    expect(before).not.toHaveProperty('preorder_last_complete_reconciliation_seconds{part="all"}');
    await chargedByHand(world, { amount: 1 });
    await reconcile(world);
    const after = await scrape();
    expect(after['preorder_findings{kind="charge_without_order"}']).toBe(1);
    expect(after['preorder_findings_oldest_seconds{kind="charge_without_order"}']).toBeGreaterThan(0);
    expect(after['preorder_last_complete_reconciliation_seconds{part="all"}']).toBeGreaterThan(0);
    // It is of no order, and a person's all the same.
    const { findings } = (await world.call<AttentionList>('GET', '/api/attention')).body;
    expect(findings.map(({ kind }) => kind)).toEqual(['charge_without_order']);
    const acknowledge = { path: '/api/reconciliation/acknowledge', body: { subject: findings[0]?.subject } };
    expect((await http.send({ method: 'POST', ...acknowledge })).status).toBe(200);
    expect((await world.call<AttentionList>('GET', '/api/attention')).body.findings).toEqual([]);
    expect((await http.send({ method: 'POST', ...acknowledge })).status).toBe(404);
  });

  it('show refunds that are not settled', async () => {
    const id = await placed(world, { paymentMethod: 'pm_card_pendingRefund' });
    await world.command(id, 'cancel');
    const { refund } = await world.untilStatus(id, 'cancelled');
    expect(await scrape()).toMatchObject({ 'preorder_refunds_unsettled{status="pending"}': 1 });
    await world.sandbox.refundStatus(refund?.gatewayId ?? '', 'succeeded');
    await world.until(id, (o) => o.refund?.status === 'succeeded');
    expect(await scrape()).toMatchObject({ 'preorder_refunds_unsettled{status="pending"}': 0 });
  });

  it('show what waits in the outbox while mail is down', async () => {
    const order_id = await placed(world);
    const row = {
      dedup_id: 'waits',
      order_id,
      kind: 'order_confirmed',
      detail: '{}',
      last_error: 'no answer',
    };
    const next_attempt_at = new Date(Date.now() + 3_600_000).toISOString();
    await world.database.db
      .insertInto('outbox')
      .values({ ...row, next_attempt_at })
      .execute();
    await expect.poll(async () => (await scrape())['preorder_waiting{queue="outbox"}']).toBe(1);
  });

  it('time requests by the pattern of their route, so that no id becomes a series', async () => {
    const id = await placed(world);
    await http.send({ path: `/api/orders/${id}` });
    await http.send({ path: `/nothing/${id}` });
    const all = await scrape();
    const count = 'preorder_http_request_duration_seconds_count';
    expect(all[`${count}{method="GET",route="/api/orders/:id",status="200"}`]).toBeGreaterThan(0);
    expect(all[`${count}{method="GET",route="none",status="404"}`]).toBe(1);
    expect(Object.keys(all).join('\n')).not.toContain(id);
  });
});
