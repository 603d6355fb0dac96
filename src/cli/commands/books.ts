import type { Command } from 'commander';
import type { Books } from '../../contract/api.js';
import type { Reconciliation } from '../../contract/reconciliation.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import type { Kit } from '../program.js';
import { money } from '../render/money.js';
import { paintStatus } from '../render/order-page.js';
import { table, type Column } from '../render/table.js';
import { plural, wrap } from '../render/text.js';
import type { Output, Paint } from '../output.js';
import type { Session } from '../session.js';
import { examples } from './arguments.js';

type OrderBook = Books['orders'][number];
type StockBook = Books['stock'][number];

export function addBooks(program: Command, kit: Kit): void {
  const command = program
    .command('books')
    .summary('ledger and stock: do they balance?')
    .description('The ledger per order and the stock per product. Exit code 1 when they do not balance.')
    .action(kit.action(books));
  examples(command, 'books', 'books --json');
}

async function books(session: Session): Promise<ExitCode> {
  const { output } = session;
  const all = await session.api.get<Books>('/books', 'read the books');
  await output.answer(all, () => page(all, output));
  const wrong = [...all.orders, ...all.stock].filter((line) => !line.balanced);
  const first = wrong.find((line): line is OrderBook => 'orderId' in line);
  const { findings } = await session.api.get<Reconciliation>('/reconciliation', 'read the books');
  const found = `${plural(findings.length, 'finding')} of the reconciler`;
  session.suggest([
    ...(first ? [{ command: `status ${first.orderId}`, why: 'does not balance' }] : []),
    ...(findings.length > 0 ? [{ command: 'reconcile --last', why: found }] : []),
  ]);
  return wrong.length > 0 ? exitCodes.failure : exitCodes.ok;
}

async function page({ orders, stock }: Books, { paint, columns, tableWidth }: Output): Promise<string> {
  const parts = [
    orders.length > 0 ? await table(orderColumns(paint), orders, tableWidth, paint.dim) : 'No orders.',
    await table(stockColumns(paint), stock, tableWidth, paint.dim),
    [...sums(orders).flatMap((line) => wrap(line, columns)), summary({ orders, stock }, paint)].join('\n'),
  ];
  return parts.filter(Boolean).join('\n\n');
}

/** Per currency: amounts of different currencies are never added. */
function sums(orders: OrderBook[]): string[] {
  return [...new Set(orders.map((order) => order.currency))].sort().map((currency) => {
    const lines = orders.filter((order) => order.currency === currency);
    const of = (part: 'charged' | 'refunded' | 'disputed' | 'earned'): string => {
      const total = lines.reduce((sum, order) => sum + order[part], 0);
      return `${money(total, currency)} ${part}`;
    };
    const disputed = lines.some((order) => order.disputed > 0) ? [of('disputed')] : [];
    return `${currency}: ${[of('charged'), of('refunded'), ...disputed, of('earned')].join(', ')}`;
  });
}

function summary({ orders, stock }: Books, paint: Paint): string {
  const wrong = [...orders, ...stock].filter((line) => !line.balanced).length;
  if (wrong > 0) return paint.red(`${plural(wrong, 'line')} do${wrong === 1 ? 'es' : ''} not balance.`);
  return paint.green(
    `Everything balances: ${plural(orders.length, 'order')}, ${plural(stock.length, 'product')}.`,
  );
}

const check = (balanced: boolean, paint: Paint): string => (balanced ? paint.green('yes') : paint.red('NO'));

function orderColumns(paint: Paint): Column<OrderBook>[] {
  return [
    { head: 'ORDER', value: (o) => o.orderId },
    { head: 'STATUS', value: (o) => paintStatus(o.status, paint), dropFirst: 2 },
    { head: 'CHARGED', value: (o) => money(o.charged, o.currency), align: 'right' },
    { head: 'REFUNDED', value: (o) => money(o.refunded, o.currency), align: 'right' },
    { head: 'EARNED', value: (o) => money(o.earned, o.currency), align: 'right', dropFirst: 1 },
    { head: 'UNITS', value: (o) => o.reservation, dropFirst: 3 },
    { head: 'OK', value: (o) => check(o.balanced, paint) },
  ];
}

function stockColumns(paint: Paint): Column<StockBook>[] {
  return [
    { head: 'SKU', value: (s) => s.sku, shrinkTo: 16 },
    { head: 'CAPACITY', value: (s) => String(s.capacity), align: 'right' },
    { head: 'RESERVED', value: (s) => String(s.reserved), align: 'right' },
    { head: 'SUM OF ROWS', value: (s) => String(s.sumOfRows), align: 'right' },
    { head: 'OK', value: (s) => check(s.balanced, paint) },
  ];
}
