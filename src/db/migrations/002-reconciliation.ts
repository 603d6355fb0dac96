import { sql, type Kysely } from 'kysely';

const statements = [
  `alter table orders add column touched_at timestamptz not null default now()`,
  // The wall clock, whoever writes: also a person with a SQL prompt, and an order whose own clock was moved.
  `create function note_touch() returns trigger language plpgsql as
    $$ begin new.touched_at = clock_timestamp(); return new; end $$`,
  `create trigger order_touched before update of status, version on orders
    for each row execute function note_touch()`,
  `create index orders_touched on orders (touched_at, id)`,
  `create index orders_open on orders (id) where status not in ('completed', 'cancelled', 'rejected')`,
  `create index reservations_going_on on reservations (order_id) where status in ('held', 'reserved')`,
  `create index refunds_unsettled on refunds (order_id) where status not in ('succeeded', 'settled_outside')`,
  `create table findings (
    id bigint generated always as identity primary key,
    kind text not null,
    subject text not null,
    order_id text references orders (id),
    detail text not null,
    first_seen timestamptz not null,
    last_seen timestamptz not null,
    resolved_at timestamptz,
    acknowledged_at timestamptz,
    acknowledged_by text
  )`,
  `create unique index findings_open on findings (kind, subject) where resolved_at is null`,
  `create index findings_by_order on findings (order_id) where resolved_at is null`,
  `create table reconciliation_runs (
    id text primary key,
    started_at timestamptz not null,
    finished_at timestamptz,
    failed jsonb not null default '[]',
    looked jsonb not null default '{}'
  )`,
  `create index reconciliation_runs_by_age on reconciliation_runs (started_at)`,
  `create table reconciliation_positions (name text primary key, position text not null)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
