import { sql } from 'kysely';
import type { Stamp } from '../domain/order.js';
import type { ReservationStatus } from '../domain/lifecycle.js';
import type { Db } from './database.js';
import { postings } from './ledger.js';
import { assertOvertaken } from './orders.js';
import { at } from './schema.js';
import { reservationOf } from './stock.js';

/*
 * The two writes that every placed order makes, each as one guarded statement: a transaction would take five round
 * trips each, and this is what a drop of a new product does thousands of times.
 */

export interface ChargeFact {
  gatewayId: string;
  amountMinor: number;
  currency: string;
}

/** The charge succeeded: payment, ledger and order in one. Changes nothing when it is overtaken. */
export async function recordPaid(db: Db, stamp: Stamp, charge: ChargeFact): Promise<void> {
  const [debit, credit] = postings.charge;
  const { rows } = await sql`
    with moved as (
      update orders set status = 'reserving', version = ${stamp.version}::int, updated_at = ${at(stamp.at)}::timestamptz,
        written_at = ${at(stamp.at)}::timestamptz, workflow_started = true
      where id = ${stamp.orderId} and version < ${stamp.version}::int and status = 'payment_pending' returning id
    ), paid as (
      update payments set status = 'succeeded', failure_code = null, updated_at = ${at(stamp.at)}::timestamptz
      where order_id in (select id from moved)
    ), posted as (
      insert into ledger_entries (order_id, operation, gateway_id, account, amount_minor, currency, at)
      select moved.id, 'charge', ${charge.gatewayId}, entry.account, entry.amount, ${charge.currency},
        ${at(stamp.at)}::timestamptz
      from moved, (values (${debit}, ${charge.amountMinor}::bigint), (${credit}, -${charge.amountMinor}::bigint))
        as entry (account, amount)
      on conflict do nothing
    )
    select id from moved`.execute(db);
  if (rows.length === 0) await assertOvertaken(db, stamp, 'reserving');
}

/** Hold → reservation, with the order and its confirmation. Answers what now stands; anything but `reserved` is a no. */
export async function recordReserved(db: Db, stamp: Stamp): Promise<ReservationStatus | undefined> {
  const { rows } = await sql<{ standing: boolean; moved: boolean }>`
    with taken as (
      update reservations set status = 'reserved' where order_id = ${stamp.orderId} and status = 'held' returning order_id
    ), standing as (
      select order_id from taken
      union select order_id from reservations where order_id = ${stamp.orderId} and status = 'reserved'
    ), moved as (
      update orders set status = 'awaiting_release', version = ${stamp.version}::int,
        updated_at = ${at(stamp.at)}::timestamptz, written_at = ${at(stamp.at)}::timestamptz, workflow_started = true
      where id in (select order_id from standing) and version < ${stamp.version}::int and status = 'reserving'
      returning id
    ), told as (
      insert into outbox (dedup_id, order_id, kind) select id || ':order_confirmed', id, 'order_confirmed' from moved
      on conflict do nothing
    )
    select exists (select from standing) as standing, exists (select from moved) as moved`.execute(db);
  const result = rows[0];
  if (!result?.standing) return (await reservationOf(db, stamp.orderId))?.status;
  if (!result.moved) await assertOvertaken(db, stamp, 'awaiting_release');
  return 'reserved';
}
