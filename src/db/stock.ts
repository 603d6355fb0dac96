import { sql } from 'kysely';
import type { Db, Tx } from './database.js';
import { at } from './schema.js';

export async function reservationOf(tx: Tx, orderId: string) {
  return tx.selectFrom('reservations').selectAll().where('order_id', '=', orderId).executeTakeFirst();
}

/**
 * Gives the units back, once. Writes a final `released` row even when nothing was held, so that a late reserve finds
 * the tombstone. Answers how many units went back, and how many stay out because they have left the warehouse.
 */
export async function releaseUnits(
  tx: Tx,
  orderId: string,
  now: number,
): Promise<{ released: number; out: number }> {
  const before = await tx
    .selectFrom('reservations')
    .selectAll()
    .where('order_id', '=', orderId)
    .forUpdate()
    .executeTakeFirst();
  if (before?.status === 'released') return { released: 0, out: 0 };
  if (!before) {
    await sql`insert into reservations (order_id, sku, quantity, status, held_at)
      select id, sku, 0, 'released', ${at(now)}::timestamptz from orders where id = ${orderId}
      on conflict do nothing`.execute(tx);
    return { released: 0, out: 0 };
  }
  const released = before.status === 'consumed' ? before.replacement : before.quantity;
  const out = before.quantity - released;
  await tx
    .updateTable('reservations')
    .set({
      quantity: out > 0 ? out : before.quantity,
      replacement: 0,
      ...(out > 0 ? {} : { status: 'released' }),
    })
    .where('order_id', '=', orderId)
    .execute();
  await tx
    .updateTable('products')
    .set((eb) => ({ reserved: eb('reserved', '-', released) }))
    .where('sku', '=', before.sku)
    .execute();
  return { released, out };
}

/** `reserved` → `consumed`: the units left the warehouse, those for another shipment too. */
export async function consumeUnits(tx: Tx, orderId: string): Promise<void> {
  await tx
    .updateTable('reservations')
    .set({ status: 'consumed', replacement: 0 })
    .where('order_id', '=', orderId)
    .where('status', 'in', ['reserved', 'consumed'])
    .execute();
}

/** The units came back and go out again: until they are picked up they are on the shelf. */
export async function unitsBack(tx: Tx, orderId: string, quantity: number): Promise<void> {
  await tx
    .updateTable('reservations')
    .set({ replacement: quantity })
    .where('order_id', '=', orderId)
    .where('status', '=', 'consumed')
    .execute();
}

/** Takes the same quantity once more, for a replacement shipment. False: not enough units left. */
export async function takeReplacement(tx: Tx, orderId: string, quantity: number): Promise<boolean> {
  const row = await reservationOf(tx, orderId);
  if (!row) return false;
  const taken = await tx
    .updateTable('products')
    .set((eb) => ({ reserved: eb('reserved', '+', quantity) }))
    .where('sku', '=', row.sku)
    .whereRef('capacity', '>=', sql`reserved + ${quantity}::int`)
    .returning('sku')
    .executeTakeFirst();
  if (!taken) return false;
  await tx
    .updateTable('reservations')
    .set((eb) => ({ quantity: eb('quantity', '+', quantity), replacement: quantity }))
    .where('order_id', '=', orderId)
    .execute();
  return true;
}

/**
 * Sets a product's capacity. A cut takes back the newest holds whose payment is still open; reserved and consumed
 * units are promised and stay. Answers how many units could not be cut.
 */
export async function setCapacity(
  db: Db,
  sku: string,
  capacity: number,
): Promise<{ short: number } | undefined> {
  return db.transaction().execute(async (tx) => {
    const product = await tx
      .selectFrom('products')
      .selectAll()
      .where('sku', '=', sku)
      .forUpdate()
      .executeTakeFirst();
    if (!product) return undefined;
    let reserved = product.reserved;
    const holds = await tx
      .selectFrom('reservations')
      .selectAll()
      .where('sku', '=', sku)
      .where('status', '=', 'held')
      .orderBy('held_at', 'desc')
      .forUpdate()
      .execute();
    for (const hold of holds) {
      if (reserved <= capacity) break;
      await tx
        .updateTable('reservations')
        .set({ status: 'released' })
        .where('order_id', '=', hold.order_id)
        .execute();
      reserved -= hold.quantity;
    }
    const possible = Math.max(capacity, reserved);
    await tx.updateTable('products').set({ reserved, capacity: possible }).where('sku', '=', sku).execute();
    return { short: possible - capacity };
  });
}
