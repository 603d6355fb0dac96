import { sql, type Kysely } from 'kysely';

const statements = [
  // A fourth word says that only what is told about the order has grown; a listener that reads three hears of a change.
  `create function tell_record_grown() returns trigger language plpgsql as
    $$ begin
      perform pg_notify('order_changed', id || ' ' || status || ' ' || version || ' record')
        from orders where id = new.order_id;
      return null;
    end $$`,
  `create trigger notice_queued after insert on outbox for each row execute function tell_record_grown()`,
  // Each try sets when the next one is, which nobody sees.
  `create trigger notice_tried after update of sent_at, last_error on outbox
    for each row execute function tell_record_grown()`,
  `create trigger command_kept after insert or update of answered_at on commands
    for each row execute function tell_record_grown()`,
  // Not of strangers: a page whose session has ended asks again at each event, and is refused.
  `create trigger audit_grown after insert on audit
    for each row when (new.order_id is not null and new.caller <> 'anonymous') execute function tell_record_grown()`,
  `create trigger clock_moved after insert on clock_moves for each row execute function tell_record_grown()`,
  `create trigger payment_changed after update of status on payments
    for each row when (new.status is distinct from old.status) execute function tell_part_changed()`,
  `create trigger dispute_changed after insert or update of status on disputes
    for each row execute function tell_part_changed()`,

  // What a person may have at hand: the request of an error, the charge of a bank's statement.
  `create index audit_by_request on audit (request_id)`,
  `create index inbox_by_charge on inbox ((payload #>> '{data,object,latest_charge}')) where source = 'payment'`,

  `create function tell_reconciliation() returns trigger language plpgsql as
    $$ begin perform pg_notify('console_changed', 'reconciliation'); return null; end $$`,
  `create trigger reconciliation_ran after insert or update of finished_at on reconciliation_runs
    for each row execute function tell_reconciliation()`,
  // A run sees each open finding again: that is no news.
  `create trigger finding_seen after update on findings
    for each row when (new.acknowledged_at is distinct from old.acknowledged_at) execute function tell_reconciliation()`,
];

/** Whoever watches hears also of mails, commands, audit entries and the reconciler; more ids find their order. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
