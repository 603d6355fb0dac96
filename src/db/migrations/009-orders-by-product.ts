import { sql, type Kysely } from 'kysely';

/** The orders of one product, by age: for its list and its books. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index orders_by_product on orders (sku, id)`.execute(db);
}
