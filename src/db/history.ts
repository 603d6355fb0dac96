import { sql } from 'kysely';
import type { Db } from './database.js';
import { beginsWith } from './orders.js';

export type Stored = Awaited<ReturnType<typeof historyOf>>;

/** Every row that says when something happened to an order. */
export async function historyOf(db: Db, orderId: string) {
  const of = { id: orderId };
  const [steps, ledger, commands, proposals, fulfillment, events] = await Promise.all([
    stepsOf(db, of),
    chargesAndEarnings(db, of),
    commandsOf(db, of),
    proposalsOf(db, of),
    fulfillmentsOf(db, of),
    partnerEventsOf(db, of),
  ]);
  const [undos, refunds, disputes, calls, notices, moves, keys] = await Promise.all([
    undosOf(db, of),
    refundFactsOf(db, of),
    disputesOf(db, of),
    callsOf(db, of),
    noticesOf(db, orderId),
    movesOf(db, of),
    keyNames(db, of),
  ]);
  return {
    steps,
    ledger,
    commands,
    proposals,
    fulfillment,
    events,
    undos,
    refunds,
    disputes,
    calls,
    notices,
    moves,
    keys,
  };
}

interface Of {
  id: string;
}

/** The statuses that an order has had, one after the other. */
export const stepsOf = (db: Db, { id }: Of) =>
  db
    .selectFrom('order_steps')
    .select(['status', 'at', 'version'])
    .where('order_id', '=', id)
    .orderBy('id')
    .execute();

const chargesAndEarnings = (db: Db, { id }: Of) =>
  db
    .selectFrom('ledger_entries')
    .select(['operation', 'gateway_id', 'amount_minor', 'currency', 'at'])
    .where('order_id', '=', id)
    // Each posting has two sides: this one is the debit.
    .where('amount_minor', '>', 0)
    .orderBy('id')
    .execute();

const commandsOf = (db: Db, { id }: Of) =>
  db
    .selectFrom('commands')
    .select(['kind', 'actor', 'input', 'requested_at', 'answered_at', 'outcome', 'message'])
    .where('order_id', '=', id)
    .execute();

const proposalsOf = (db: Db, { id }: Of) =>
  db
    .selectFrom('proposals')
    .select(['action', 'reference', 'proposed_by', 'proposed_at', 'decided_by', 'decided_at', 'outcome'])
    .where('order_id', '=', id)
    .execute();

const fulfillmentsOf = (db: Db, { id }: Of) =>
  db
    .selectFrom('fulfillment_orders')
    .select(['attempt', 'status', 'partner_id', 'tracking_code', 'reminders', 'created_at'])
    .where('order_id', '=', id)
    .execute();

/** What the partner said and we could make sense of; not what was ignored. */
const partnerEventsOf = (db: Db, { id }: Of) =>
  db
    .selectFrom('inbox')
    .select(['type', 'received_at'])
    .select(sql<string | null>`payload -> 'result' ->> 'status'`.as('status'))
    .select(sql<string | null>`payload -> 'result' ->> 'status_detail'`.as('detail'))
    .where('source', '=', 'delivery')
    .where(beginsWith(`(payload -> 'result' ->> 'reference')`, `${id}:`))
    .where('outcome', 'in', ['signalled', 'noted'])
    .orderBy('received_at')
    .limit(500)
    .execute();

const undosOf = (db: Db, { id }: Of) =>
  db
    .selectFrom('compensation_log')
    .select(['step', 'undoes', 'outcome', 'detail', 'attempts', 'started_at', 'finished_at', 'last_error'])
    .where('order_id', '=', id)
    .execute();

const refundFactsOf = (db: Db, { id }: Of) =>
  db
    .selectFrom('refunds')
    .select(['gateway_id', 'amount_minor', 'currency', 'status', 'failure_reason', 'reference'])
    .select(['requested_at', 'settled_at'])
    .where('order_id', '=', id)
    .execute();

const disputesOf = (db: Db, { id }: Of) =>
  db
    .selectFrom('disputes')
    .select(['gateway_id', 'amount_minor', 'currency', 'status', 'opened_at', 'decided_at'])
    .where('order_id', '=', id)
    .execute();

const callsOf = (db: Db, { id }: Of) =>
  db
    .selectFrom('attention')
    .select(['reason', 'since', 'resolved_at', 'resolved_by', 'resolution'])
    .where('order_id', '=', id)
    .execute();

const movesOf = (db: Db, { id }: Of) =>
  db.selectFrom('clock_moves').select(['at', 'by_ms']).where('order_id', '=', id).orderBy('id').execute();

/** Whose the keys are that had to do with the order. */
const keyNames = (db: Db, { id }: Of) =>
  db
    .selectFrom('machine_keys')
    .select(['id', 'name', 'role'])
    .where(
      sql<boolean>`id in (
        select split_part(actor, ':', 2) from commands where order_id = ${id}
        union select proposed_by from proposals where order_id = ${id}
        union select decided_by from proposals where order_id = ${id}
        union select resolved_by from attention where order_id = ${id})`,
    )
    .execute();

/** Mails to the customer of an order, oldest first, by the wall clock. */
export const noticesOf = (db: Db, orderId: string) =>
  db
    .selectFrom('outbox')
    .select(['dedup_id', 'kind', 'created_at', 'sent_at', 'attempts', 'last_error'])
    .select(
      sql<boolean>`coalesce(sent_at < (select max(requested_at) from commands
        where order_id = outbox.order_id and kind = 'correct-email' and outcome = 'corrected'), false)`.as(
        'before_correction',
      ),
    )
    .where('order_id', '=', orderId)
    .orderBy('created_at')
    .orderBy('dedup_id')
    .execute();
