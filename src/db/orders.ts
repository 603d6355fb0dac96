import { sql, type RawBuilder, type SqlBool } from 'kysely';
import { predecessors, type OrderStatus } from '../domain/lifecycle.js';
import type { Stamp } from '../domain/order.js';
import type { Policy } from '../domain/policy.js';
import type { Db, Tx } from './database.js';
import { at, instant, type Address, type Schema } from './schema.js';

export interface NewOrder {
  id: string;
  customerId: string;
  idempotencyKey: string;
  bodyFingerprint: string;
  sku: string;
  productName: string;
  quantity: number;
  amountMinor: number;
  currency: string;
  customerName: string;
  customerEmail: string;
  address: Address;
  paymentMethod: string;
  tokenHash: string;
  releaseAt: number;
  deadlineAt: number;
  policy: Policy;
  placedAt: number;
}

/**
 * Holds the units and writes the order, or does neither: one guarded statement, so nobody is charged for a unit
 * that is not there. False: not enough units left. Throws a unique violation when the key was used before.
 */
export async function placeOrder(db: Db, order: NewOrder): Promise<boolean> {
  const o = order;
  const result = await sql<{ id: string }>`
    with taken as (
      update products set reserved = reserved + ${o.quantity}::int
      where sku = ${o.sku} and open and reserved + ${o.quantity}::int <= capacity returning sku
    ), placed as (
      insert into orders (id, customer_id, idempotency_key, body_fingerprint, sku, product_name, quantity, amount_minor,
        currency, customer_name, customer_email, address, payment_method, token_hash, release_at, deadline_at, policy,
        status, placed_at, updated_at)
      select ${o.id}, ${o.customerId}, ${o.idempotencyKey}, ${o.bodyFingerprint}, sku, ${o.productName},
        ${o.quantity}::int, ${o.amountMinor}::bigint, ${o.currency}, ${o.customerName}, ${o.customerEmail},
        ${JSON.stringify(o.address)}::jsonb, ${o.paymentMethod}, ${o.tokenHash}, ${at(o.releaseAt)}::timestamptz,
        ${at(o.deadlineAt)}::timestamptz, ${JSON.stringify(o.policy)}::jsonb, 'payment_pending',
        ${at(o.placedAt)}::timestamptz, ${at(o.placedAt)}::timestamptz
      from taken returning id
    ), held as (
      insert into reservations (order_id, sku, quantity, status, held_at)
      select id, ${o.sku}, ${o.quantity}::int, 'held', ${at(o.placedAt)}::timestamptz from placed
    )
    insert into payments (order_id, status, amount_minor, currency, updated_at)
    select id, 'processing', ${o.amountMinor}::bigint, ${o.currency}, ${at(o.placedAt)}::timestamptz from placed
    returning order_id as id`.execute(db);
  return result.rows.length === 1;
}

/** The row's last write is older: by the workflow's time, and at the same time by its count of writes. */
const isOlderThan = ({ at: time, version }: Stamp): RawBuilder<SqlBool> =>
  sql<SqlBool>`((written_at is null and version < ${version}::int)
    or (written_at, version) < (${at(time)}::timestamptz, ${version}::int))`;

/**
 * Moves the order's row, or keeps it where it is, once: a stamp that is not newer than the row's last write changes
 * nothing and answers false. Throws when the lifecycle table does not know the step, which is a bug and not a race.
 *
 * A row whose version is not behind, but whose last write is older, was written by a workflow task that was lost with
 * all its commands: another has taken its place and counts again from the same version, so that any step goes (ADR 019).
 */
export async function moveOrder(
  tx: Tx,
  stamp: Stamp,
  to: OrderStatus,
  patch: Partial<Pick<Schema['orders'], 'cancel_reason'>> = {},
): Promise<boolean> {
  const moved = await tx
    .updateTable('orders')
    .set({ status: to, version: stamp.version, updated_at: at(stamp.at), written_at: at(stamp.at) })
    .set({ workflow_started: true, ...patch })
    .where('id', '=', stamp.orderId)
    .where(isOlderThan(stamp))
    .where((eb) => eb.or([eb('status', 'in', [...predecessors(to), to]), eb('version', '>=', stamp.version)]))
    .returning('id')
    .executeTakeFirst();
  if (moved) return true;
  await assertOvertaken(tx, stamp, to);
  return false;
}

/** A write that moved nothing must have been made before, or been overtaken; anything else is a bug and throws. */
export async function assertOvertaken(tx: Tx, stamp: Stamp, to: OrderStatus): Promise<void> {
  const row = await tx
    .selectFrom('orders')
    .select(['status', 'version', 'written_at'])
    .where('id', '=', stamp.orderId)
    .executeTakeFirst();
  if (row && (row.version >= stamp.version || (row.written_at ?? 0) > stamp.at)) return;
  const from = row?.status ?? 'nothing';
  throw new Error(`order ${stamp.orderId}: no step from ${from} to ${to} (version ${stamp.version})`);
}

export async function findByKey(db: Db, customerId: string, idempotencyKey: string) {
  return db
    .selectFrom('orders')
    .selectAll()
    .where('customer_id', '=', customerId)
    .where('idempotency_key', '=', idempotencyKey)
    .executeTakeFirst();
}

/**
 * The newest order of the same that stands: product, how many, customer and postal code, placed since then under another
 * key. An e-mail address alone finds nothing: it is no secret, and whether its owner ordered is nobody's business.
 */
export async function sameOrderSince(
  db: Db,
  wish: { customerId: string; key: string; sku: string; quantity: number; zip: string; since: number },
) {
  return db
    .selectFrom('orders')
    .select(['id', 'token_hash'])
    .where('customer_id', '=', wish.customerId)
    .where('idempotency_key', '!=', wish.key)
    .where('sku', '=', wish.sku)
    .where('quantity', '=', wish.quantity)
    .where(sql<string>`lower(address->>'zip')`, '=', wish.zip.toLowerCase())
    .where('status', 'not in', ['rejected', 'cancelling', 'cancelled'])
    .where('placed_at', '>', instant(wish.since))
    .orderBy('placed_at', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export async function orderRow(tx: Tx, orderId: string) {
  return tx.selectFrom('orders').selectAll().where('id', '=', orderId).executeTakeFirst();
}

/** Where it is delivered to: for people's eyes, so it is no part of a snapshot. */
export async function addressOf(db: Db, orderId: string): Promise<Address> {
  const row = db.selectFrom('orders').select('address').where('id', '=', orderId);
  return (await row.executeTakeFirstOrThrow()).address;
}

/** Nobody else moves it until the transaction ends. */
export async function lockedOrder(tx: Tx, orderId: string) {
  const row = tx.selectFrom('orders').select(['status', 'quantity']).where('id', '=', orderId);
  return row.forUpdate().executeTakeFirst();
}

/** In bytes, so that an index serves it under every collation; the column is one, or an expression that has an index. */
export const beginsWith = (column: string, prefix: string): RawBuilder<SqlBool> =>
  sql<SqlBool>`(${sql.raw(column)} ~>=~ ${prefix} and ${sql.raw(column)} ~<~ ${`${prefix}\u{10ffff}`})`;

/** Ids that begin with the prefix, at most two: enough to tell unique from ambiguous. */
export async function idsByPrefix(db: Db, prefix: string): Promise<string[]> {
  const rows = await db.selectFrom('orders').select('id').where(beginsWith('id', prefix)).limit(2).execute();
  return rows.map((row) => row.id);
}

export async function markWorkflowStarted(db: Db, orderId: string): Promise<void> {
  await db.updateTable('orders').set({ workflow_started: true }).where('id', '=', orderId).execute();
}

/** Orders placed before `before` (epoch ms) that no workflow is known to carry. */
export async function ordersWithoutWorkflow(db: Db, before: number, limit = 100): Promise<string[]> {
  const rows = await db
    .selectFrom('orders')
    .select('id')
    .where('workflow_started', '=', false)
    .where('placed_at', '<', instant(before))
    .orderBy('placed_at')
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

export async function noteCancelRequest(db: Tx, orderId: string, now: number): Promise<void> {
  await db
    .updateTable('orders')
    .set({ cancel_requested_at: at(now), cancel_refused_at: null })
    .where('id', '=', orderId)
    .where((eb) => eb.or([eb('cancel_requested_at', 'is', null), eb('cancel_refused_at', 'is not', null)]))
    .execute();
}

/** The item ships: what was asked for is over, and may be asked for again. */
export async function noteCancelRefused(db: Tx, orderId: string, now: number): Promise<void> {
  await db
    .updateTable('orders')
    .set({ cancel_refused_at: at(now) })
    .where('id', '=', orderId)
    .where('cancel_requested_at', 'is not', null)
    .execute();
}

/** Whether a cancel was asked for that nobody has refused: the customer is promised the money. */
export const cancelStands = (order: {
  cancel_requested_at: number | null;
  cancel_refused_at: number | null;
}): boolean => order.cancel_requested_at !== null && order.cancel_refused_at === null;

/** Development only: how far this order's clock runs ahead of the wall clock. */
export async function addClockOffset(db: Db, orderId: string, ms: number): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx
      .updateTable('orders')
      .set((eb) => ({ clock_offset_ms: eb('clock_offset_ms', '+', ms) }))
      .where('id', '=', orderId)
      .execute();
    await tx.insertInto('clock_moves').values({ order_id: orderId, by_ms: ms }).execute();
  });
}
