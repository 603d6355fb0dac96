import { sql, type Kysely } from 'kysely';

/** A new number makes a new token of an order, and the links that were mailed before open nothing. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table orders add column token_number integer not null default 0`.execute(db);
}
