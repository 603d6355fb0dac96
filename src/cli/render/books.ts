import type { Books } from '../../contract/books.js';
import type { Output, Paint } from '../output.js';
import { money } from './money.js';
import { paintStatus } from './order-page.js';
import { table, type Column } from './table.js';

type ProductBook = Books['products'][number];
type OrderBook = Books['orders'][number];
type StockBook = Books['stock'][number];
type Amount = 'charged' | 'refunded' | 'onTheWay' | 'disputed' | 'earned' | 'held';

const amounts: [part: Amount, words: string][] = [
  ['charged', 'charged'],
  ['refunded', 'refunded'],
  ['onTheWay', 'on their way back'],
  ['disputed', 'disputed'],
  ['earned', 'earned'],
  ['held', 'held for undelivered goods'],
];

/** Per currency: amounts of different currencies are never added. What there is none of is left out. */
export function bookTotals(products: ProductBook[]): string[] {
  return [...new Set(products.map((row) => row.currency))].sort().map((currency) => {
    const rows = products.filter((row) => row.currency === currency);
    const parts = amounts.flatMap(([part, words]) => {
      const total = rows.reduce((sum, row) => sum + row[part], 0);
      return total === 0 && part !== 'charged' ? [] : [`${money(total, currency)} ${words}`];
    });
    return `${currency}: ${parts.join(', ')}`;
  });
}

const check = (balanced: boolean, paint: Paint): string => (balanced ? paint.green('yes') : paint.red('NO'));

export function productBooks(rows: ProductBook[], { paint, tableWidth }: Output): Promise<string> {
  const amount = (head: string, part: Amount, dropFirst?: number): Column<ProductBook> => ({
    head,
    value: (p) => money(p[part], p.currency),
    align: 'right',
    ...(dropFirst === undefined ? {} : { dropFirst }),
  });
  const columns: Column<ProductBook>[] = [
    { head: 'PRODUCT', value: (p) => p.sku, shrinkTo: 12 },
    { head: 'ORDERS', value: (p) => String(p.orders), align: 'right', dropFirst: 4 },
    amount('CHARGED', 'charged'),
    amount('REFUNDED', 'refunded', 1),
    amount('ON ITS WAY', 'onTheWay', 5),
    amount('DISPUTED', 'disputed', 6),
    amount('EARNED', 'earned', 3),
    amount('HELD', 'held', 2),
    { head: 'OK', value: (p) => check(p.balanced === p.orders, paint) },
  ];
  return table(columns, rows, tableWidth, paint.dim);
}

export function orderBooks(rows: OrderBook[], { paint, tableWidth }: Output): Promise<string> {
  const columns: Column<OrderBook>[] = [
    { head: 'ORDER', value: (o) => o.orderId },
    { head: 'STATUS', value: (o) => paintStatus(o.status, paint), dropFirst: 2 },
    { head: 'CHARGED', value: (o) => money(o.charged, o.currency), align: 'right' },
    { head: 'REFUNDED', value: (o) => money(o.refunded, o.currency), align: 'right' },
    { head: 'EARNED', value: (o) => money(o.earned, o.currency), align: 'right', dropFirst: 1 },
    { head: 'UNITS', value: (o) => o.reservation, dropFirst: 3 },
    { head: 'OK', value: (o) => check(o.balanced, paint) },
  ];
  return table(columns, rows, tableWidth, paint.dim);
}

export function stockBooks(rows: StockBook[], { paint, tableWidth }: Output): Promise<string> {
  const columns: Column<StockBook>[] = [
    { head: 'SKU', value: (s) => s.sku, shrinkTo: 16 },
    { head: 'CAPACITY', value: (s) => String(s.capacity), align: 'right' },
    { head: 'RESERVED', value: (s) => String(s.reserved), align: 'right' },
    { head: 'SUM OF ROWS', value: (s) => String(s.sumOfRows), align: 'right' },
    { head: 'OK', value: (s) => check(s.balanced, paint) },
  ];
  return table(columns, rows, tableWidth, paint.dim);
}
