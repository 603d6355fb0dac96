import Table from 'cli-table3';
import pc from 'picocolors';
import type { Books } from '../../contract/books.js';
import { formatMoney } from '../../domain/money.js';
import type { Stack } from '../stack.js';

interface GatewayBook {
  orderId: string;
  chargedMinor: number;
  charges: number;
  refunds: { amountMinor: number; status: string }[];
}

async function ordersOf(stack: Stack, sku: string): Promise<Books['orders']> {
  const path = `/api/books?product=${encodeURIComponent(sku)}&limit=1000`;
  const orders: Books['orders'] = [];
  for (let after = ''; ;) {
    const { body } = await stack.api.get<Books>(after ? `${path}&after=${after}` : path);
    orders.push(...body.orders);
    if (body.next === null) return orders;
    after = body.next;
  }
}

/** The books of three parties side by side: the gateway's own, our ledger, our stock. */
export async function finalBooks(stack: Stack): Promise<{ text: string; balanced: boolean }> {
  const gateway = new Map(
    (await stack.sandbox.get<GatewayBook[]>('/_sandbox/books')).body.map((book) => [book.orderId, book]),
  );
  const { products, stock } = (await stack.api.get<Books>('/api/books')).body;
  const skus = [...new Set(products.map(({ sku }) => sku))];
  const orders = (await Promise.all(skus.map((sku) => ordersOf(stack, sku)))).flat();
  orders.sort((a, b) => (a.orderId < b.orderId ? -1 : 1));
  const table = new Table({
    head: ['order', 'status', 'gateway', 'ledger', 'unit', ''],
    style: { head: [], border: [], compact: true },
  });
  let balanced = true;
  for (const order of orders) {
    const book = gateway.get(order.orderId);
    const paidOut = (book?.refunds ?? []).filter((refund) => refund.status === 'succeeded');
    const refunded = paidOut.reduce((sum, refund) => sum + refund.amountMinor, 0);
    const charged = book?.chargedMinor ?? 0;
    const money = (amountMinor: number): string => formatMoney({ amountMinor, currency: order.currency });
    const ok =
      order.balanced && charged === order.charged && refunded === order.refunded && (book?.charges ?? 0) <= 1;
    balanced &&= ok;
    table.push([
      order.orderId,
      order.status,
      `${money(charged)} − ${money(refunded)}`,
      `${money(order.charged)} − ${money(order.refunded)}`,
      order.reservation,
      ok ? pc.green('✓') : pc.red('✗'),
    ]);
  }
  const stockTable = new Table({
    head: ['product', 'capacity', 'taken', 'by orders', ''],
    style: { head: [], border: [], compact: true },
  });
  for (const row of stock) {
    balanced &&= row.balanced;
    stockTable.push([
      row.sku,
      row.capacity,
      row.reserved,
      row.sumOfRows,
      row.balanced ? pc.green('✓') : pc.red('✗'),
    ]);
  }
  return { text: `${table.toString()}\n\n${stockTable.toString()}`, balanced };
}
