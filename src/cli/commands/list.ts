import { Option, type Command } from 'commander';
import type { OrderList, OrderView } from '../../contract/api.js';
import { orderStatuses } from '../../domain/lifecycle.js';
import type { Kit } from '../program.js';
import { withCode } from '../render/money.js';
import { paintStatus, timeLeft } from '../render/order-page.js';
import { table, type Column } from '../render/table.js';
import { plural } from '../render/text.js';
import { deadlineStands } from '../../domain/words.js';
import type { Session } from '../session.js';
import { examples, whole } from './arguments.js';

interface Options {
  status?: string;
  open?: boolean;
  product?: string;
  needsAttention?: boolean;
  limit: number;
  after?: string;
}

export function addList(program: Command, kit: Kit): void {
  const command = program
    .command('list')
    .summary('orders, newest first')
    .description('Orders, newest first.')
    .addOption(new Option('--status <status>', 'only these').choices([...orderStatuses]))
    .option('--open', 'only those that have not ended')
    .option('--product <sku>', 'only of this product')
    .option('--needs-attention', 'only those that need a person')
    .option('--limit <n>', 'how many at most', whole(1, 200), 20)
    .option('--after <id>', 'go on where the last page ended')
    .action(kit.action(list));
  examples(
    command,
    'list --open',
    'list --status awaiting_release --limit 100',
    'list --needs-attention --json',
  );
}

async function list(session: Session, options: Options): Promise<void> {
  const { output } = session;
  const query = new URLSearchParams({ limit: String(options.limit) });
  if (options.status) query.set('status', options.status);
  if (options.open) query.set('open', 'true');
  if (options.product) query.set('sku', options.product);
  if (options.needsAttention) query.set('needsAttention', 'true');
  if (options.after) query.set('after', options.after);
  const page = await session.api.get<OrderList>(`/orders?${query.toString()}`, 'list the orders');
  const { orders, next } = page;
  await output.answer(page, () =>
    orders.length > 0 ? table(columnsOf(session), orders, output.tableWidth, output.paint.dim) : 'No orders.',
  );
  const marked = orders.filter((order) => order.needsAttention).length;
  if (marked > 0)
    output.talk(`\n! ${plural(marked, 'order')} of these need${marked === 1 ? 's' : ''} a person.`);
  session.suggest([
    ...(orders[0]
      ? [{ command: `status ${orders[0].orderId}`, why: '' }]
      : [{ command: 'place-order', why: '' }]),
    ...(marked > 0 ? [{ command: 'attention', why: 'what needs a person' }] : []),
    ...(next ? [{ command: `list --after ${next}`, why: 'the next page' }] : []),
  ]);
}

function columnsOf({ output: { paint } }: Session): Column<OrderView>[] {
  return [
    { head: 'ORDER', value: (o) => o.orderId },
    {
      head: 'STATUS',
      value: (o) => paintStatus(o.status, paint) + (o.needsAttention ? paint.yellow(' !') : ''),
    },
    { head: 'PRODUCT', value: (o) => `${o.quantity} × ${o.productName}`, shrinkTo: 12, dropFirst: 2 },
    { head: 'AMOUNT', value: (o) => withCode(o.amountText, o.currency), align: 'right', dropFirst: 3 },
    { head: 'DEADLINE', value: (o) => (deadlineStands(o.status) ? timeLeft(o) : ''), dropFirst: 1 },
  ];
}
