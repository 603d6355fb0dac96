import { sql, type RawBuilder } from 'kysely';
import type { Books } from '../contract/books.js';
import type { Db } from './database.js';

/** Which part of the books; without a product only what does not balance is listed order by order. */
export interface BooksWish {
  product?: string | undefined;
  limit: number;
  /** The id of the order that ended the page before. */
  after?: string | undefined;
}

type OrderBook = Books['orders'][number];
type ProductBook = Books['products'][number];
type StockBook = Books['stock'][number];

/**
 * The ledger's sums of each order, beside what its status implies. A refund that is still on its way is not in the
 * ledger yet; money of an undone order that is neither back nor on its way does not balance.
 */
const sums = sql`
  select o.id as "orderId", o.sku, o.status, o.currency, coalesce(r.status, 'released') as reservation,
    l.charged, l.refunded, l.disputed, l.earned, w.on_the_way,
    l.balance = 0 and l.charged in (0, o.amount_minor) and case
      when o.status = 'completed' then l.charged = o.amount_minor and l.refunded = 0 and l.earned = o.amount_minor
      when o.status in ('cancelled', 'rejected')
        then l.charged = l.refunded + w.on_the_way + l.disputed and l.earned = 0
      when o.status = 'cancelling' then l.refunded <= l.charged and l.earned = 0
      when o.status = 'payment_pending' then l.refunded = 0 and l.earned = 0
      else l.charged = o.amount_minor and l.refunded = 0 and l.earned = 0 end as balanced
  from orders o left join reservations r on r.order_id = o.id
  cross join lateral (
    select coalesce(sum(amount_minor) filter (where account = 'gateway' and operation = 'charge'), 0)::bigint as charged,
      coalesce(-sum(amount_minor) filter (
        where account = 'gateway' and operation in ('refund', 'refund_reversal')), 0)::bigint as refunded,
      coalesce(sum(amount_minor) filter (where account = 'disputes'), 0)::bigint as disputed,
      coalesce(-sum(amount_minor) filter (where account = 'revenue'), 0)::bigint as earned,
      coalesce(sum(amount_minor), 0)::bigint as balance
    from ledger_entries where order_id = o.id) l
  cross join lateral (
    select coalesce(sum(amount_minor), 0)::bigint as on_the_way from refunds
    where order_id = o.id and status in ('pending', 'requires_action')) w`;

/** Ledger and stock, per product and currency, and per order; amounts in minor units. */
export async function books(db: Db, { product, limit, after }: BooksWish): Promise<Books> {
  const ofProduct = product === undefined ? sql`true` : sql`o.sku = ${product}`;
  const products = await productBooks(db, ofProduct);
  const total = (of: (row: ProductBook) => number): number => products.reduce((sum, row) => sum + of(row), 0);
  const [orders, balanced] = [total((row) => row.orders), total((row) => row.balanced)];
  const counts = { orders, balanced, unbalanced: orders - balanced };
  // Most days there is none, and looking for it reads everything once more.
  const none = product === undefined && counts.unbalanced === 0;
  const page = none
    ? []
    : await orderBooks(db, { ofProduct, limit: limit + 1, after, all: product !== undefined });
  const listed = page.slice(0, limit);
  const next = page.length > limit ? (listed.at(-1)?.orderId ?? null) : null;
  return { products, counts, orders: listed, next, stock: await stockBooks(db, product) };
}

async function productBooks(db: Db, ofProduct: RawBuilder<unknown>): Promise<ProductBook[]> {
  const { rows } = await sql<ProductBook>`
    with of as (${sums} where ${ofProduct})
    select sku, currency, count(*)::int as orders, (count(*) filter (where balanced))::int as balanced,
      sum(charged)::bigint as charged, sum(refunded)::bigint as refunded, sum(on_the_way)::bigint as "onTheWay",
      sum(disputed)::bigint as disputed, sum(earned)::bigint as earned,
      sum(greatest(0, charged - refunded - on_the_way - disputed - earned))::bigint as held
    from of group by sku, currency order by sku, currency`.execute(db);
  return rows;
}

async function orderBooks(
  db: Db,
  {
    ofProduct,
    all,
    limit,
    after = '',
  }: Omit<BooksWish, 'product'> & { ofProduct: RawBuilder<unknown>; all: boolean },
): Promise<OrderBook[]> {
  const { rows } = await sql<OrderBook>`
    with of as (${sums} where ${ofProduct} and o.id > ${after})
    select "orderId", status, currency, charged, refunded, disputed, earned, reservation, balanced
    from of where ${all}::boolean or not balanced order by "orderId" limit ${limit}`.execute(db);
  return rows;
}

async function stockBooks(db: Db, product: string | undefined): Promise<StockBook[]> {
  const { rows } = await sql<StockBook>`
    select p.sku, p.capacity, p.reserved, r.total as "sumOfRows",
      p.reserved = r.total and p.reserved <= p.capacity as balanced
    from products p cross join lateral (
      select coalesce(sum(quantity), 0)::int as total from reservations
      where sku = p.sku and status <> 'released') r
    where ${product ?? null}::text is null or p.sku = ${product ?? null} order by p.sku`.execute(db);
  return rows;
}
