import { sql, type Kysely } from 'kysely';

/** What the customer's bank has taken back; the gateway's id is the key. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table disputes (
      gateway_id text primary key,
      order_id text not null references orders (id),
      amount_minor bigint not null check (amount_minor > 0),
      currency text not null,
      status text not null,
      opened_at timestamptz not null,
      decided_at timestamptz
    )`.execute(db);
  await sql`create index disputes_by_order on disputes (order_id)`.execute(db);
}
