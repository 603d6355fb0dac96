import type { Client } from '@temporalio/client';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { makePayloadKey, parsePayloadKeys } from '../src/codec/keys.js';
import { createPayloadCodec } from '../src/codec/payload-codec.js';
import { writeAudit } from '../src/db/audit.js';
import { openDatabase, type Db } from '../src/db/database.js';
import { placeOrder } from '../src/db/orders.js';
import { addProduct } from '../src/db/products.js';
import { DAY } from '../src/domain/deadline.js';
import { defaultPolicy } from '../src/domain/policy.js';
import { payloadsOf } from '../test/support/payloads.js';
import { latencyOf } from './measure.js';

/** What single safety measures cost an order, each measured by itself; milliseconds at the median. */
export interface SafetyCost {
  /** Payloads in the histories of the order, each encrypted and decrypted once. */
  payloads: number;
  encryptionMs: number;
  auditRowMs: number;
  /** Placing's statement with and without its triggers: the order's history, the live feed, the reconciler's notes. */
  placingMs: number;
  placingWithoutTriggersMs: number;
}

const TIMES = 300;

export async function safetyCost(client: Client, workflowIds: string[]): Promise<SafetyCost> {
  const histories = await Promise.all(workflowIds.map((id) => client.workflow.getHandle(id).fetchHistory()));
  const payloads = histories.flatMap(payloadsOf).length;
  const database = await openDatabase({});
  try {
    return { payloads, encryptionMs: await encryption(payloads), ...(await statements(database.db)) };
  } finally {
    await database.close();
  }
}

async function encryption(payloads: number): Promise<number> {
  const codec = createPayloadCodec(parsePayloadKeys(makePayloadKey('bench')));
  const order = { orderId: randomUUID(), policy: defaultPolicy, amountMinor: 49_900, currency: 'USD' };
  const life: Payload[] = Array.from({ length: payloads }, () => defaultPayloadConverter.toPayload(order));
  const { p50 } = await latencyOf(TIMES, async () => {
    for (const payload of life) await codec.decode(await codec.encode([payload]));
  });
  return p50;
}

async function statements(db: Db) {
  const releaseAt = Date.now() + 90 * DAY;
  const product = { sku: 'bench', name: 'Bench Phone', description: '', priceMinor: 49_900, currency: 'USD' };
  await addProduct(db, { ...product, capacity: 1_000_000, releaseAt, policy: {} });
  const place = () => latencyOf(TIMES, async () => void (await placeOrder(db, newOrder(releaseAt))));
  await place();
  const { p50: placingMs } = await place();
  await sql`set session_replication_role = replica`.execute(db);
  const { p50: placingWithoutTriggersMs } = await place();
  await sql`set session_replication_role = origin`.execute(db);
  const row = { caller: 'operator', keyId: null, action: 'cancel', orderId: null, outcome: 'accepted' };
  const { p50: auditRowMs } = await latencyOf(TIMES, () =>
    writeAudit(db, [{ ...row, at: Date.now(), code: null, requestId: randomUUID(), times: 1 }]),
  );
  return { auditRowMs, placingMs, placingWithoutTriggersMs };
}

const newOrder = (releaseAt: number) => ({
  id: `po_${randomUUID()}`,
  customerId: randomUUID(),
  idempotencyKey: randomUUID(),
  bodyFingerprint: '',
  sku: 'bench',
  productName: 'Bench Phone',
  quantity: 1,
  amountMinor: 49_900,
  currency: 'USD',
  customerName: 'Ada Byron',
  customerEmail: 'ada@example.com',
  address: { street: '1 Main Street', city: 'Springfield', zip: '12345', country: 'US' },
  paymentMethod: 'pm_card_visa',
  tokenHash: randomUUID(),
  releaseAt,
  deadlineAt: releaseAt + 7 * DAY,
  policy: defaultPolicy,
  placedAt: Date.now(),
});
