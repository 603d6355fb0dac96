import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { addProduct } from '../../src/db/products.js';
import { embeddedDatabase } from '../support/database-template.js';
import { called } from '../support/flows.js';
import { fieldsOf } from '../support/payloads.js';
import { textsOf } from '../support/texts.js';
import { createWorld, type World } from '../support/world.js';
import { canary, customer, expectNoneOf, fieldsOfPayloads, keptBy, type Kept } from './support/canary.js';
import type { Got, Sent } from './support/http.js';
import {
  deadTemporal,
  operatorKey,
  secondApi,
  secrets,
  tokenSecret,
  type SecondApi,
} from './support/second-api.js';

const secret = { operatorKey, tokenSecret, payment: secrets.payment, delivery: secrets.delivery };
const taskQueue = `test-${randomUUID()}`;
const printed: string[] = [];
const errors: Got[] = [];
const tokens: string[] = [];
let world: World;
let api: SecondApi;
let sku: string;
beforeAll(async () => {
  for (const stream of [process.stderr, process.stdout]) {
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
    vi.spyOn(stream, 'write').mockImplementation((...args: unknown[]) => {
      printed.push(String(args[0]));
      return write(...args);
    });
  }
  world = await createWorld({ PREORDER_TASK_QUEUE: taskQueue });
  api = await secondApi({
    database: world.database,
    temporal: world.temporal,
    taskQueue,
    placeWithinMs: 10_000,
    answerWithinMs: 10_000,
  });
  sku = await world.addProduct();
});
afterAll(async () => {
  vi.restoreAllMocks();
  await api.close();
  await world.close();
});

async function send(sent: Sent): Promise<Got> {
  const got = await api.send({ headers: { 'idempotency-key': randomUUID() }, ...sent });
  if (got.status >= 400) errors.push(got);
  if (typeof got.body?.token === 'string') tokens.push(got.body.token);
  return got;
}
const place = (overrides: object = {}): Promise<Got> => {
  const body = { sku, quantity: 1, customer, paymentMethod: 'pm_card_mastercard', ...overrides };
  return send({ method: 'POST', path: '/api/orders', body, key: null });
};

const clearTexts: string[] = [];
async function historiesOf(orderId: string, ended = true): Promise<Kept> {
  const kept = await keptBy(world.temporal, orderId, ended);
  clearTexts.push(...kept.clear);
  return kept;
}

function expectSilentHistory({ raw, clear }: Kept, also: Record<string, string>): void {
  expectSilence(raw, also);
  expectSilence(clear.join('\n'), also);
}

function expectSilence(text: string, also: Record<string, string> = {}): void {
  expectNoneOf({ ...canary, ...secret, ...also }, text);
  for (const token of tokens) expect(text.includes(token.slice(4))).toBe(false);
}

describe('the canaries stay silent', () => {
  it('the search finds what is there', async () => {
    const { body } = await place();
    const { raw, clear } = await historiesOf(String(body.orderId), false);
    expect(raw).toContain(`order-${String(body.orderId)}`);
    expect(clear.join()).toContain(`"sku":"${sku}"`);
    expect(() => expectSilence(`x${Buffer.from(canary.street).toString('base64')}`)).toThrow();
    expect(() => expectSilence(textsOf({ data: Buffer.from(canary.name) }))).toThrow();
    expect(() => expectSilence(textsOf([Buffer.from(`{"a":"${canary.zip}"}`).toString('base64')]))).toThrow();
  });

  it('in a full life, with a partner that fails and a gateway that fails', async () => {
    await world.sandbox.fault({
      target: 'payment-gateway',
      operation: 'confirm_payment_intent',
      kind: 'error_500',
      times: 1,
    });
    await world.sandbox.fault({
      target: 'delivery-partner',
      operation: 'create_shipment',
      kind: 'error_500',
      times: 1,
    });
    const { body } = await place();
    const id = String(body.orderId);
    const post = (verb: string) => send({ method: 'POST', path: `/api/orders/${id}/${verb}` });
    await world.untilStatus(id, 'awaiting_release');
    await post('start-fulfillment');
    await world.untilStatus(id, 'awaiting_pickup');
    await post('item-picked');
    await post('confirm-delivery');
    await world.untilStatus(id, 'completed');
    expectSilentHistory(await historiesOf(id), { paymentMethod: 'pm_card_mastercard' });
  });

  it('in an order that its customer cancels with the token', async () => {
    const { body } = await place();
    const id = String(body.orderId);
    const key = String(body.token);
    expect((await send({ method: 'POST', path: `/api/orders/${id}/cancel`, key })).status).toBe(200);
    await world.untilStatus(id, 'cancelled');
    expectSilentHistory(await historiesOf(id), { paymentMethod: 'pm_card_mastercard' });
  });

  it('in an order whose address the partner cannot reach', async () => {
    const address = { ...customer.address, zip: '00000' };
    const { body } = await place({ customer: { ...customer, address } });
    const id = String(body.orderId);
    await send({ method: 'POST', path: `/api/orders/${id}/start-fulfillment` });
    await world.untilStatus(id, 'cancelled');
    expectSilentHistory(await historiesOf(id), { paymentMethod: 'pm_card_mastercard' });
  });

  it('in what a person writes as proof of a refund', async () => {
    const { body } = await place({ paymentMethod: 'pm_card_pendingRefund' });
    const id = String(body.orderId);
    await send({ method: 'POST', path: `/api/orders/${id}/cancel` });
    await world.untilStatus(id, 'cancelled');
    const refund = (await world.sandbox.books(id))[0]?.refunds[0];
    await world.sandbox.refundStatus(refund?.id ?? '', 'failed');
    await called(world, id, 'refund_failed');
    const proof = 'IBAN GB33 C4NARY 0000 1111';
    await world.resolve(id, 'settle_outside', `${proof}, to ${canary.name}`);
    await world.temporal.workflow.getHandle(`refund-${id}`).result();
    expectSilentHistory(await historiesOf(id), { proof });
  });

  it('in failures, whatever their messages and stack traces tell', async () => {
    const { db } = world.database;
    const message = 'canary_in_a_message';
    await sql`alter table fulfillment_orders add constraint ${sql.ref(message)} check (false) not valid`.execute(
      db,
    );
    const { body } = await place();
    const id = String(body.orderId);
    await send({ method: 'POST', path: `/api/orders/${id}/start-fulfillment` });
    const { raw } = await untilRetried(`order-${id}`);
    await sql`alter table fulfillment_orders drop constraint ${sql.ref(message)}`.execute(db);
    await world.untilStatus(id, 'awaiting_pickup');
    // Decrypted it tells whoever has to mend it; what the database was given it never tells.
    const kept = await historiesOf(id, false);
    expect(kept.clear.join()).toContain(message);
    expectSilence(kept.clear.join('\n'));
    for (const text of [textsOf(raw), kept.raw]) {
      expect(text).toContain('Encoded failure');
      expectSilence(text, { message, stack: 'src/activities' });
    }
  });

  /** As it is described while an activity of it waits for its next try. */
  async function untilRetried(workflowId: string) {
    for (;;) {
      const description = await world.temporal.workflow.getHandle(workflowId).describe();
      if (description.raw.pendingActivities?.some(({ lastFailure }) => lastFailure)) return description;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async function expectSilentRefusal(paymentMethod: string): Promise<void> {
    const { status, body } = await place({ paymentMethod });
    expect(status).toBe(402);
    expectSilentHistory(await historiesOf(String(body.orderId)), { paymentMethod });
  }

  it('in an order whose payment is declined', () => expectSilentRefusal('pm_card_chargeDeclined'));

  // Known: the gateway's message names the payment method, and activities/payment.ts puts it into the failure.
  it('in an order whose payment method nobody knows', () => expectSilentRefusal('pm_canary_unknown'));

  it('and no payload has a field that is not known to be silent', () => {
    const fields = new Set(clearTexts.filter(Boolean).flatMap((text) => fieldsOf(JSON.parse(text))));
    expect(fields).toContain('sku');
    expect([...fields].filter((name) => !fieldsOfPayloads.has(name))).toEqual([]);
  });

  it('in every error that people are shown', async () => {
    const spoiled = (change: object) => place({ customer: { ...customer, ...change } });
    await spoiled({ name: `${canary.name}\u0000` });
    await spoiled({ email: `${canary.email} ` });
    await spoiled({ address: { ...customer.address, zip: canary.zip.repeat(20) } });
    await spoiled({ address: canary.street });
    await place({ sku: 'no-such-product' });
    const half = JSON.stringify({ sku, customer }).slice(0, -3);
    await send({ method: 'POST', path: '/api/orders', body: half, key: null });
    await send({ method: 'POST', path: '/api/orders', body: `{"name":${canary.name}}`, key: null });
    const headers = { 'idempotency-key': 'one-key-for-two-orders' };
    for (const quantity of [1, 2]) {
      const body = { sku, quantity, customer, paymentMethod: 'pm_card_mastercard' };
      await send({ method: 'POST', path: '/api/orders', body, headers, key: null });
    }
    await send({ path: '/api/books', key: tokens[0] ?? '' });
    await send({ path: '/api/orders/po_000000000000000000', key: tokens[0] ?? '' });
    await send({ path: '/api/books', key: `${operatorKey}x` });
    expect(new Set(errors.map(({ status }) => status))).toEqual(new Set([400, 401, 402, 403, 404, 422]));
    expectSilence(errors.map(({ text }) => text).join('\n'));
  });

  it('in the log of a database that refuses the very row they are in', async () => {
    const database = await embeddedDatabase();
    const product = { sku, name: 'Phone', description: '', priceMinor: 1, currency: 'USD', capacity: 5 };
    await addProduct(database.db, { ...product, releaseAt: Date.UTC(2040), policy: {} });
    await sql`alter table orders add constraint nobody check (customer_name = '')`.execute(database.db);
    const failing = await secondApi({ database, temporal: deadTemporal(), taskQueue });
    const body = { sku, quantity: 1, customer, paymentMethod: 'pm_card_mastercard' };
    const headers = { 'idempotency-key': randomUUID() };
    const got = await failing.send({ method: 'POST', path: '/api/orders', body, headers });
    expect(got.status).toBe(500);
    const log = failing.logs.join('\n');
    expect(log).toContain('nobody');
    expect(log).toContain(got.body.requestId);
    expectSilence(log, { paymentMethod: 'pm_card_mastercard', key: headers['idempotency-key'] });
    await failing.close();
    await database.close();
  });

  it('in the audit of all this, which names tokens by the beginning of their hash', async () => {
    const foreign = `/api/orders/${String((await place()).body.orderId)}`;
    await send({ path: foreign, key: tokens[0] ?? '' });
    await send({ path: foreign, key: `${operatorKey}x` });
    await send({ method: 'POST', path: '/webhooks/payment', body: { id: 'evt_1', ...customer }, key: null });
    const resolution = { action: 'settle_outside', reference: `paid to ${canary.name}` };
    await send({ method: 'POST', path: `${foreign}/resolve`, body: resolution });
    const rows = await world.database.db.selectFrom('audit').selectAll().execute();
    for (const action of ['place', 'cancel', 'read', 'list', 'webhook', 'resolve'])
      expect(rows.map((row) => row.action)).toContain(action);
    const audit = await send({ path: `${foreign}/audit` });
    expect(audit.text).toContain('token:');
    expectSilence(`${textsOf(rows)}\n${audit.text}`, { paymentMethod: 'pm_card_mastercard' });
  });

  it('in the metrics', async () => {
    const { status, text } = await send({ path: '/metrics' });
    expect(status).toBe(200);
    expect(text).toContain('preorder_orders{status="completed"} ');
    expectSilence(text, { paymentMethod: 'pm_card_mastercard' });
  });

  it('in what callers hear who ask too often', async () => {
    const none = { machineKey: 0, caller: 0, placing: 0, badKeys: 0, machines: 0 };
    const busy = await secondApi({
      database: world.database,
      temporal: world.temporal,
      taskQueue,
      rateLimits: none,
    });
    const body = { sku, quantity: 1, customer, paymentMethod: 'pm_card_mastercard' };
    const headers = { 'idempotency-key': randomUUID() };
    const got = [
      await busy.send({ method: 'POST', path: '/api/orders', body, headers, key: null }),
      await busy.send({ method: 'POST', path: '/api/orders', body, headers, key: tokens[0] ?? '' }),
      await busy.send({ path: '/api/books' }),
      await busy.send({ path: '/api/books', key: `${operatorKey}x` }),
      await busy.send({ method: 'POST', path: '/webhooks/payment', body, key: null }),
    ];
    await busy.close();
    for (const { status, headers: heard } of got) {
      expect(status).toBe(429);
      expect(Number(heard['retry-after'])).toBeGreaterThan(0);
    }
    const heard = got.map(({ text, headers: all }) => text + JSON.stringify(all));
    expectSilence([...heard, ...busy.logs].join('\n'), { paymentMethod: 'pm_card_mastercard' });
  });

  it('in everything that was logged or printed meanwhile', () => {
    expect(api.logs.length).toBeGreaterThan(0);
    expectSilence([...api.logs, ...printed].join('\n'), { paymentMethod: 'pm_card_mastercard' });
  });
});
