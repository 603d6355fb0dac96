import { sql, type RawBuilder, type SqlBool } from 'kysely';
import type { Db } from './database.js';
import { beginsWith } from './orders.js';

/**
 * What indexes can find without an extension: the beginning of an id; a whole id of the payment gateway, or of a request;
 * or beginnings of words of a customer's name and e-mail address, the beginning of a tracking code, and any part of a
 * product's name or SKU, because products are few.
 */
export async function found(db: Db, q: string): Promise<RawBuilder<SqlBool>> {
  const text = q.trim().toLowerCase();
  if (text.startsWith('po_')) return beginsWith('orders.id', text);
  if (/^(pi|ch|py|re|pyr|dp|du)_[a-z0-9]+$/.test(text)) return ofGateway(q.trim());
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text))
    return sql`orders.id in (select order_id from audit where request_id = ${text})`;
  const inWords = sql<SqlBool>`array_to_tsvector(words_of(customer_name || ' ' || customer_email)) @@ search_query(${text})`;
  const tracked = sql`select order_id from fulfillment_orders where ${beginsWith('lower(tracking_code)', text)}`;
  const byPerson = (await isRare(db, inWords))
    ? sql`orders.id in (select id from orders where ${inWords} union all ${tracked})`
    : sql`${inWords} or orders.id in (${tracked})`;
  const skus = await skusLike(db, text);
  return skus.length === 0
    ? sql<SqlBool>`(${byPerson})`
    : sql<SqlBool>`(${byPerson} or sku = any(${skus}::text[]))`;
}

/** A payment, refund or dispute; a charge is known from what the gateway has told of its payment. */
const ofGateway = (id: string): RawBuilder<SqlBool> => sql<SqlBool>`orders.id in (
  select order_id from payments where gateway_id = ${id}
  union all select order_id from refunds where gateway_id = ${id}
  union all select order_id from disputes where gateway_id = ${id}
  union all select order_id from payments where gateway_id in (
    select payload #>> '{data,object,id}' from inbox
    where source = 'payment' and payload #>> '{data,object,latest_charge}' = ${id}))`;

/** What is rare is collected from its index; what is not is met soon enough on the way through the sorted list. */
async function isRare(db: Db, condition: RawBuilder<SqlBool>): Promise<boolean> {
  const { rows } = await sql`select 1 from orders where ${condition} limit ${MOST_COLLECTED + 1}`.execute(db);
  return rows.length <= MOST_COLLECTED;
}
const MOST_COLLECTED = 1_000;

async function skusLike(db: Db, text: string): Promise<string[]> {
  const like = sql<SqlBool>`position(${text} in lower(name || ' ' || sku)) > 0`;
  const rows = await db.selectFrom('products').select('sku').where(like).execute();
  return rows.map(({ sku }) => sku);
}
