import { sql, type Kysely } from 'kysely';

/** When the partner could not stop an item, or a person kept it shipping: the cancel that was asked for is over. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table orders add column cancel_refused_at timestamptz`.execute(db);
}
