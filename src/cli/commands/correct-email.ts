import type { Command } from 'commander';
import type { EmailCorrected } from '../../contract/console.js';
import type { Kit } from '../program.js';
import { wrap } from '../render/text.js';
import { examples, idempotencyKeyOption, orderArgument } from './arguments.js';

interface Options {
  email: string;
  idempotencyKey?: string;
}

export function addCorrectEmail(program: Command, kit: Kit): void {
  const command = program
    .command('correct-email')
    .addArgument(orderArgument())
    .summary('correct a mistyped e-mail address')
    .description(
      'Corrects the e-mail address of an order: its mails go there from now on, and the link to the order at once.',
    )
    .requiredOption('--email <address>', 'the right address')
    .addOption(idempotencyKeyOption())
    .action(
      kit.action(async (session, id: string, { email, idempotencyKey }: Options) => {
        const { api, output } = session;
        const { body } = await api.post<EmailCorrected>(session.path(id, '/correct-email'), {
          doing: 'correct the e-mail address',
          body: { email },
          idempotencyKey: idempotencyKey ?? crypto.randomUUID(),
        });
        session.remember(body.orderId);
        await output.answer(body, () =>
          wrap(
            body.changed
              ? `Mails about the order go to ${body.recipient} from now on; the link to it is on its way there.`
              : `It is ${body.recipient} already: nothing is changed, and nothing sent.`,
            output.columns,
          ).join('\n'),
        );
      }),
    );
  examples(
    command,
    'correct-email po_1m87 --email ada@example.com',
    'correct-email - --email ada@example.com',
  );
}
