import type { Books } from '../contract/api.js';
import type { OrderStatus } from '../domain/lifecycle.js';
import type { Db } from './database.js';
import { ledgerByOrder, nothing } from './ledger.js';

/** The ledger per order, the stock per product, and whether each is what the order's status implies. */
export async function books(db: Db): Promise<Books> {
  const ledger = await ledgerByOrder(db);
  const rows = await db
    .selectFrom('orders')
    .innerJoin('reservations', 'reservations.order_id', 'orders.id')
    .select([
      'orders.id',
      'orders.status',
      'orders.currency',
      'orders.amount_minor',
      'reservations.status as reservation',
    ])
    .orderBy('orders.id')
    .execute();
  const orders = rows.map((row) => {
    const sums = ledger.get(row.id) ?? nothing;
    const { chargedMinor: charged, refundedMinor: refunded, earnedMinor: earned } = sums;
    const disputed = sums.disputedMinor;
    const balanced =
      sums.balance === 0 && implied(row.status, row.amount_minor, { charged, refunded, disputed, earned });
    const { id: orderId, status, currency, reservation } = row;
    return { orderId, status, currency, charged, refunded, disputed, earned, reservation, balanced };
  });
  const products = await db
    .selectFrom('products')
    .select(['sku', 'capacity', 'reserved'])
    .orderBy('sku')
    .execute();
  const sums = await db
    .selectFrom('reservations')
    .select((eb) => ['sku', eb.fn.sum<number>('quantity').as('total')])
    .where('status', '<>', 'released')
    .groupBy('sku')
    .execute();
  const totals = new Map(sums.map((sum) => [sum.sku, Number(sum.total)]));
  const stock = products.map(({ sku, capacity, reserved }) => {
    const sumOfRows = totals.get(sku) ?? 0;
    return { sku, capacity, reserved, sumOfRows, balanced: reserved === sumOfRows && reserved <= capacity };
  });
  return { orders, stock };
}

function implied(
  status: OrderStatus,
  price: number,
  { charged, refunded, disputed, earned }: Record<'charged' | 'refunded' | 'disputed' | 'earned', number>,
): boolean {
  if (charged !== 0 && charged !== price) return false;
  switch (status) {
    case 'completed':
      return charged === price && refunded === 0 && earned === price;
    case 'rejected':
      return charged === 0 && refunded === 0;
    case 'cancelled':
      // A refund that is still on its way is not in the ledger yet.
      return refunded + disputed <= charged && earned === 0;
    case 'payment_pending':
      return refunded === 0 && earned === 0;
    case 'cancelling':
      return refunded <= charged && earned === 0;
    case 'reserving':
    case 'awaiting_release':
    case 'fulfillment_requested':
    case 'awaiting_pickup':
    case 'cancellation_requested':
    case 'in_transit':
    case 'delivery_exception':
    case 'returning':
      return charged === price && refunded === 0 && earned === 0;
  }
}
