import { sql, type Kysely } from 'kysely';

const statements = [
  `create table machine_keys (
    id text primary key,
    name text not null,
    role text not null check (role in ('operator', 'supervisor')),
    key_hash text not null,
    created_by text not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    revoked_at timestamptz
  )`,

  `create table audit (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    caller text not null,
    key_id text,
    action text not null,
    order_id text,
    outcome text not null,
    code text,
    request_id text not null,
    times integer not null default 1
  )`,
  `create index audit_by_order on audit (order_id, id)`,
  `create function refuse_audit_change() returns trigger language plpgsql as
    $$ begin raise exception 'the audit is append-only'; end $$`,
  `create trigger audit_append_only before update or delete on audit
    for each row execute function refuse_audit_change()`,
  `create trigger audit_never_emptied before truncate on audit
    for each statement execute function refuse_audit_change()`,

  `create table proposals (
    id text primary key,
    order_id text not null references orders (id),
    attention_id bigint not null references attention (id),
    action text not null,
    reference text,
    proposed_by text not null,
    proposed_at timestamptz not null,
    decided_by text,
    decided_at timestamptz,
    outcome text
  )`,
  `create unique index proposals_open on proposals (attention_id) where decided_at is null`,

  `create index refunds_unsettled_by_status on refunds (status) where settled_at is null`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
