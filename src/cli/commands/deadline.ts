import type { Command } from 'commander';
import type { OrderView } from '../../contract/api.js';
import type { Kit } from '../program.js';
import { paintStatus, timeLeft, type Look } from '../render/order-page.js';
import { distance, fields, instant, wrap } from '../render/text.js';
import { deadlineWords } from '../../domain/words.js';
import { examples, orderArgument } from './arguments.js';

export function addDeadline(program: Command, kit: Kit): void {
  const command = program
    .command('deadline')
    .addArgument(orderArgument())
    .summary('when it is, how long is left')
    .description('When fulfillment must have been started, and how long is left.')
    .action(
      kit.action(async (session, id: string) => {
        const order = await session.order(id);
        await session.output.answer(order, () => deadlinePage(order, session.output));
        session.suggestFor(order);
      }),
    );
  examples(command, 'deadline po_1m87', 'deadline - --json');
}

function deadlinePage(order: OrderView, { paint, columns }: Look): string {
  return [
    `${paint.bold(order.orderId)}  ${paintStatus(order.status, paint)}`,
    fields(
      [
        ['Release date', `${instant(order.releaseDate)}, ${distance(order.releaseDate, order.now)}`],
        ['Deadline', `${instant(order.deadline)}, ${paint.bold(timeLeft(order))}`],
      ],
      columns,
    ),
    ...wrap(deadlineWords(order.status), columns),
  ].join('\n');
}
