import type { Command } from 'commander';
import type { Books } from '../../contract/books.js';
import type { Reconciliation } from '../../contract/reconciliation.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import type { Kit } from '../program.js';
import { bookTotals, orderBooks, productBooks, stockBooks } from '../render/books.js';
import { plural, wrap } from '../render/text.js';
import type { Output, Paint } from '../output.js';
import type { Session } from '../session.js';
import { examples, whole } from './arguments.js';

interface Options {
  product?: string;
  limit: number;
  after?: string;
}

export function addBooks(program: Command, kit: Kit): void {
  const command = program
    .command('books')
    .summary('ledger and stock: do they balance?')
    .description(
      'Ledger and stock per product, and the orders that do not balance; with --product each of its orders. ' +
        'Exit code 1 when something does not balance.',
    )
    .option('--product <sku>', 'of this product, order by order')
    .option('--limit <n>', 'how many orders at most', whole(1, 1000), 200)
    .option('--after <id>', 'go on where the last page ended')
    .action(kit.action(books));
  examples(command, 'books', 'books --product aurora-phone', 'books --json');
}

async function books(session: Session, options: Options): Promise<ExitCode> {
  const { output } = session;
  const query = new URLSearchParams({ limit: String(options.limit) });
  if (options.product) query.set('product', options.product);
  if (options.after) query.set('after', options.after);
  const all = await session.api.get<Books>(`/books?${query.toString()}`, 'read the books');
  await output.answer(all, () => page(all, output));
  const first = all.orders.find((order) => !order.balanced);
  const { findings } = await session.api.get<Reconciliation>('/reconciliation', 'read the books');
  const found = `${plural(findings.length, 'finding')} of the reconciler`;
  const again = options.product ? `books --product ${options.product}` : 'books';
  session.suggest([
    ...(first ? [{ command: `status ${first.orderId}`, why: 'does not balance' }] : []),
    ...(all.next ? [{ command: `${again} --after ${all.next}`, why: 'the next page' }] : []),
    ...(findings.length > 0 ? [{ command: 'reconcile --last', why: found }] : []),
  ]);
  return wrongLines(all) > 0 ? exitCodes.failure : exitCodes.ok;
}

const wrongLines = ({ counts, stock }: Books): number =>
  counts.unbalanced + stock.filter((line) => !line.balanced).length;

async function page(all: Books, output: Output): Promise<string> {
  const { paint, columns } = output;
  const parts = [
    all.products.length > 0 ? await productBooks(all.products, output) : 'No orders.',
    all.orders.length > 0 ? await orderBooks(all.orders, output) : '',
    await stockBooks(all.stock, output),
    [...bookTotals(all.products).flatMap((line) => wrap(line, columns)), summary(all, paint)].join('\n'),
  ];
  return parts.filter(Boolean).join('\n\n');
}

function summary(all: Books, paint: Paint): string {
  const wrong = wrongLines(all);
  if (wrong > 0) return paint.red(`${plural(wrong, 'line')} do${wrong === 1 ? 'es' : ''} not balance.`);
  const what = `${plural(all.counts.orders, 'order')}, ${plural(all.stock.length, 'product')}`;
  return paint.green(`Everything balances: ${what}.`);
}
