import type { Command } from 'commander';
import type { LinkSent } from '../../contract/console.js';
import type { Kit } from '../program.js';
import { wrap } from '../render/text.js';
import { examples, orderArgument } from './arguments.js';

export function addSendLink(program: Command, kit: Kit): void {
  const command = program
    .command('send-link')
    .addArgument(orderArgument())
    .summary('mail the customer the link again')
    .description(
      'Sends the customer the link to the order again, to the address on the order; at most once in 15 minutes.',
    )
    .action(
      kit.action(async (session, id: string) => {
        const { api, output } = session;
        const path = session.path(id, '/send-link');
        const { body } = await api.post<LinkSent>(path, { doing: 'send the link' });
        session.remember(body.orderId);
        await output.answer(body, () =>
          wrap(
            body.queued
              ? `The link goes to ${body.recipient}.`
              : `It was sent to ${body.recipient} within the last 15 minutes: nothing more is sent.`,
            output.columns,
          ).join('\n'),
        );
      }),
    );
  examples(command, 'send-link po_1m87', 'send-link -');
}
