import { sql, type Kysely } from 'kysely';

/** Of an order's consumed units those that are on the shelf for another shipment, until it is picked up. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table reservations
      add column replacement integer not null default 0 check (replacement between 0 and quantity)`.execute(
    db,
  );
}
