import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callsOf } from '../../src/contract/calls.js';
import { called, startedWith, withoutTrace } from '../support/flows.js';
import { createWorld, type World } from '../support/world.js';
import { createHttp, type Got, type Http } from './support/http.js';
import { leavesNoTrace } from './support/orders.js';
import { createVisitor } from './support/visitor.js';

let world: World;
let http: Http;
let sku: string;
beforeAll(async () => {
  world = await createWorld();
  http = createHttp(world.url, world.operatorKey);
  sku = await world.addProduct();
});
afterAll(async () => {
  http.close();
  await world.close();
});

const placed = async (): Promise<string> => (await world.place({ sku })).body.orderId;
const command = (id: string, verb: string, key: string, body?: unknown): Promise<Got> => {
  const headers = { 'idempotency-key': key };
  return http.send({ method: 'POST', path: `/api/orders/${id}/${verb}`, body, headers });
};
const commandRows = (id: string) =>
  world.database.db.selectFrom('commands').selectAll().where('order_id', '=', id).execute();

describe('a command with a key', () => {
  it('answers a repeat as it answered the first time, whatever happened since', async () => {
    const id = await placed();
    const verbs = ['start-fulfillment', 'item-picked', 'confirm-delivery'];
    const first: Got[] = [];
    for (const verb of verbs) {
      first.push(await command(id, verb, `${verb}-1`));
      if (verb === 'start-fulfillment') await world.untilStatus(id, 'awaiting_pickup');
    }
    await leavesNoTrace(world, [sku], async () => {
      for (const [n, verb] of verbs.entries()) {
        const again = await command(id, verb, `${verb}-1`);
        expect(again, verb).toMatchObject({ status: 200, body: { answer: 'accepted' } });
        expect(again.body.message).toBe(first[n]?.body.message);
        expect(again.body.order).toMatchObject({ status: 'completed' });
        // Another key is another wish, and that one comes too late.
        expect((await command(id, verb, `${verb}-2`)).status).toBe(409);
      }
    });
  });

  it('of a customer who asks without end is refused after a while; the shop’s is not', async () => {
    const { body } = await world.place({ sku });
    const [id, token] = [body.orderId, body.token];
    await world.sandbox.modes({ prefix: id, acceptance: 'now', cancellation: 'silent' });
    await command(id, 'start-fulfillment', 'start-it');
    await world.untilStatus(id, 'awaiting_pickup');
    const asks = (n: number) =>
      http.send({
        method: 'POST',
        path: `/api/orders/${id}/cancel`,
        headers: { 'idempotency-key': `cancel-no-${n}` },
        key: token,
      });
    for (let n = 0; n < 25; n++) expect((await asks(n)).body).toMatchObject({ answer: 'pending_partner' });
    await world.untilStatus(id, 'cancellation_requested');
    const refused = await withoutTrace(world, id, () => asks(25));
    expect(refused).toMatchObject({ status: 429, body: { code: 'asked_too_often' } });
    const page = createVisitor(world.url);
    await page.post(`/order/${id}/open`, { code: token });
    const told = await page.post(`/order/${id}/cancel`, { key: 'cancel-on-the-page' });
    expect(told).toMatchObject({ status: 429, title: 'You have asked that many times already' });
    expect((await asks(3)).body).toMatchObject({ answer: 'pending_partner' });
    expect((await command(id, 'cancel', 'by-the-shop')).body).toMatchObject({ answer: 'pending_partner' });
  });

  it('whose answer was lost is answered by what its workflow did, even after its end', async () => {
    const id = await placed();
    const verbs = ['start-fulfillment', 'item-picked', 'confirm-delivery'];
    for (const verb of verbs) {
      await command(id, verb, `${verb}-lost`);
      if (verb === 'start-fulfillment') await world.untilStatus(id, 'awaiting_pickup');
    }
    await world.temporal.workflow.getHandle(`order-${id}`).result();
    await world.database.db
      .updateTable('commands')
      .set({ answered_at: null, outcome: null, message: null })
      .where('order_id', '=', id)
      .execute();
    for (const verb of verbs)
      expect(await command(id, verb, `${verb}-lost`), verb).toMatchObject({
        status: 200,
        body: { answer: 'accepted' },
      });
  });

  it('ten clicks at once: one command, one effect', async () => {
    const id = await placed();
    const key = randomUUID();
    const got = await Promise.all(Array.from({ length: 10 }, () => command(id, 'cancel', key)));
    expect(got.map(({ status, body }) => `${status} ${String(body.answer)}`)).toEqual(
      Array(10).fill('200 accepted'),
    );
    await world.untilStatus(id, 'cancelled');
    expect(await commandRows(id)).toHaveLength(1);
    const [book] = await world.sandbox.books(id);
    expect(book).toMatchObject({ chargedMinor: 49_900, refundedMinor: 49_900 });
    expect(book?.refunds).toHaveLength(1);
  });

  it('of one order is none of another', async () => {
    const key = randomUUID();
    for (const id of [await placed(), await placed()]) {
      expect((await command(id, 'cancel', key)).body.answer).toBe('accepted');
    }
  });

  it('used with another body is 422 and does nothing', async () => {
    const id = await placed();
    await world.sandbox.modes({ prefix: `${id}:fulfillment:1`, acceptance: 'reject' });
    await world.command(id, 'start-fulfillment');
    await world.until(id, (order) => order.needsAttention?.reason === 'partner_rejected');
    const key = randomUUID();
    expect((await command(id, 'resolve', key, { action: 'rebook' })).status).toBe(200);
    await world.untilStatus(id, 'awaiting_pickup');
    await leavesNoTrace(world, [sku], async () => {
      const other = await command(id, 'resolve', key, { action: 'cancel' });
      expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused', orderId: id } });
      expect((await command(id, 'resolve', key, { action: 'rebook' })).body.answer).toBe('accepted');
    });
  });
});

describe('a refused command', () => {
  it.each([
    ['a field nobody reads', { reason: 'no longer wanted' }],
    ['a list', [1]],
    ['text', '"cancel"'],
    ['a number', 1],
  ])('carries %s, and leaves no trace', async (_name, body) => {
    const id = await placed();
    await leavesNoTrace(world, [sku], async () => {
      const got = await command(id, 'cancel', randomUUID(), body);
      expect(got).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    });
  });

  it('comes as text, as a page of another site could send it', async () => {
    const id = await placed();
    const [path, headers] = [`/api/orders/${id}/cancel`, { 'content-type': 'text/plain' }];
    await leavesNoTrace(world, [sku], async () => {
      expect((await http.send({ method: 'POST', path, headers, body: 'x' })).status).toBe(415);
    });
  });

  it.each(['start-fulfillment', 'item-picked', 'confirm-delivery'])(
    '%s out of its state leaves no row and no history event',
    async (verb) => {
      const id = await placed();
      await world.command(id, 'cancel');
      await world.untilStatus(id, 'cancelled');
      const events = async () =>
        (await world.temporal.workflow.getHandle(`order-${id}`).describe()).historyLength;
      const before = await events();
      await leavesNoTrace(world, [sku], async () => {
        expect(await command(id, verb, randomUUID())).toMatchObject({
          status: 409,
          body: { code: 'not_allowed', orderId: id },
        });
      });
      expect(await events()).toBe(before);
    },
  );
});

describe('an order with two open calls', () => {
  it('tells them to those who can answer, and not to the customer', async () => {
    const { body } = await world.place({ sku });
    const order = async (key: string | undefined) =>
      (await http.send({ path: `/api/orders/${body.orderId}`, ...(key ? { key } : {}) })).body;
    expect(await order(undefined)).toHaveProperty('calls');
    expect(await order(body.token)).not.toHaveProperty('calls');
  });

  it('shows both, and a decision that names one answers that one and no other', async () => {
    const id = await startedWith(world, { acceptance: 'reject' }, { sku });
    await called(world, id, 'partner_rejected');
    await world.sandbox.decideDispute((await world.sandbox.dispute(id)).id, 'lost');
    const both = await world.until(
      id,
      (o) => callsOf(o).length === 2 && callsOf(o).some(({ reason }) => reason === 'dispute_lost'),
    );
    expect(
      Object.fromEntries(callsOf(both).map(({ reason, allowedActions }) => [reason, allowedActions])),
    ).toEqual({
      partner_rejected: ['rebook', 'cancel'],
      dispute_lost: ['accept_loss'],
    });
    const resolve = (body: object) => command(id, 'resolve', randomUUID(), body);
    // What the one allows is no answer to the other.
    expect(await resolve({ action: 'rebook', reason: 'dispute_lost' })).toMatchObject({ status: 400 });
    expect(await resolve({ action: 'rebook', reason: 'partner_silent' })).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('partner_silent') as string },
    });
    expect((await world.order(id)).fulfillment?.attempt).toBe(1);
    expect(await resolve({ action: 'accept_loss', reason: 'dispute_lost' })).toMatchObject({ status: 200 });
    await world.until(id, (o) => callsOf(o).length === 1 && callsOf(o)[0]?.reason === 'partner_rejected');
    // Without a reason: the call that the action answers.
    await world.sandbox.modes({ prefix: id, acceptance: 'now' });
    expect(await resolve({ action: 'rebook' })).toMatchObject({ status: 200 });
    expect(await world.untilStatus(id, 'awaiting_pickup')).toMatchObject({ calls: [], needsAttention: null });
  });
});
