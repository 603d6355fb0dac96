import { sql } from 'kysely';
import type { Database } from '../src/db/database.js';
import { fillWithNeeds } from './many-needs.js';

const CHUNK = 10_000;
const PRODUCTS = 8;

/** Of every hundred orders so many are here; a shop has most of its orders behind it. */
const shares = [
  ['completed', 40],
  ['cancelled', 12],
  ['rejected', 3],
  ['in_transit', 4],
  ['awaiting_pickup', 4],
  ['fulfillment_requested', 1],
  ['delivery_exception', 1],
] as const;
const statusOf = shares.reduceRight((otherwise, [status, share], i) => {
  const upTo = shares.slice(0, i).reduce((sum, [, each]) => sum + each, 0) + share;
  return `when i % 100 < ${upTo} then '${status}' ${otherwise}`;
}, `else 'awaiting_release'`);

/** As rows alone, with payments, stock and ledger: no workflow carries them. Ids and names tell them apart. */
export async function fillWithOrders(
  database: Database,
  count: number,
  say: (line: string) => void,
): Promise<void> {
  const { db } = database;
  await sql`
    insert into products (sku, name, price_minor, currency, capacity, release_at)
    select 'bench-' || p, 'Bench Phone ' || p, 49900 + p * 1000, case when p % 2 = 0 then 'USD' else 'EUR' end, ${count},
      now() + (p * 20 - 22) * interval '1 day'
    from generate_series(1, ${sql.lit(PRODUCTS)}) as p`.execute(db);
  for (let from = 0; from < count; from += CHUNK) {
    await sql`
      insert into orders (id, customer_id, idempotency_key, body_fingerprint, sku, product_name, quantity, amount_minor,
        currency, customer_name, customer_email, address, payment_method, token_hash, release_at, deadline_at, policy, status,
        version, workflow_started, placed_at, updated_at)
      select 'po_' || lpad(to_hex(i), 18, '0'), 'guest:' || i, i::text, '', p.sku, p.name, 1, p.price_minor, p.currency,
        (array['Ada', 'Grace', 'Linus', 'Barbara', 'Edsger'])[1 + i % 5] || ' ' || initcap(left(md5(i::text), 7)),
        left(md5((i * 7)::text), 10) || '@example.com', '{}', 'pm_card_visa', md5(i::text), p.release_at,
        p.release_at + interval '7 days', '{}', case ${sql.raw(statusOf)} end, 1, true,
        now() - (${count} - i) * interval '80 seconds', now() - (${count} - i) * interval '79 seconds'
      from generate_series(${sql.lit(from)}, ${sql.lit(Math.min(from + CHUNK, count) - 1)}) as i
      join products p on p.sku = 'bench-' || (1 + i % ${sql.lit(PRODUCTS)})`.execute(db);
    say(`${Math.min(from + CHUNK, count)} of ${count} orders are written`);
  }
  await sql`
    insert into payments (order_id, status, gateway_id, amount_minor, currency, updated_at)
    select id, case status when 'rejected' then 'failed' else 'succeeded' end, 'pi_' || id, amount_minor, currency, placed_at
    from orders`.execute(db);
  await sql`
    insert into reservations (order_id, sku, quantity, status, held_at)
    select id, sku, quantity, case when status in ('cancelled', 'rejected') then 'released'
      when status in ('completed', 'in_transit', 'delivery_exception') then 'consumed' else 'reserved' end, placed_at
    from orders`.execute(db);
  await sql`
    insert into ledger_entries (order_id, operation, gateway_id, account, amount_minor, currency, at)
    select id, 'charge', 'ch_' || id, account, sign * amount_minor, currency, placed_at
    from orders, (values ('gateway', 1), ('customer_deposits', -1)) as side (account, sign)
    where status <> 'rejected'`.execute(db);
  await sql`
    update products set reserved = taken from (select sku, sum(quantity) as taken from reservations
      where status <> 'released' group by sku) as r where r.sku = products.sku`.execute(db);
  await fillWithNeeds(database);
  await sql`vacuum (analyze)`.execute(db);
}
