import type { Command } from 'commander';
import type { Kit } from '../program.js';
import { orderPage } from '../render/order-page.js';
import { examples, orderArgument } from './arguments.js';

export function addStatus(program: Command, kit: Kit): void {
  const command = program
    .command('status')
    .addArgument(orderArgument())
    .summary('where it stands, what can be done')
    .description('Where an order stands, what that means, and what can be done with it.')
    .action(
      kit.action(async (session, id: string) => {
        const order = await session.order(id);
        await session.output.answer(order, () => orderPage(order, session.output));
        session.suggestFor(order);
        const { temporalUi } = session.connection;
        if (temporalUi)
          session.output.note(
            `\nEvery step, in Temporal:\n${temporalUi}/namespaces/default/workflows/${order.workflowId}`,
          );
      }),
    );
  examples(command, 'status po_1m87', 'status - --json');
}
