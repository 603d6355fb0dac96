import { sql, type Kysely } from 'kysely';

/** What the gateway keeps of what does not fit, beside the words that say so: the books add it up per product. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table findings add column gateway_minor bigint, add column gateway_currency text`.execute(
    db,
  );
}
