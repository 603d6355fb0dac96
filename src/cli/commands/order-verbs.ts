import type { Command } from 'commander';
import type { CommandAnswer } from '../../contract/api.js';
import type { OrderAction } from '../../domain/lifecycle.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import type { Kit } from '../program.js';
import { orderHead } from '../render/order-page.js';
import { wrap } from '../render/text.js';
import type { Session } from '../session.js';
import { examples, idempotencyKeyOption, orderArgument } from './arguments.js';

interface Verb {
  name: Exclude<OrderAction, 'resolve'>;
  summary: string;
  description: string;
  doing: string;
}

const verbs: Verb[] = [
  {
    name: 'start-fulfillment',
    summary: 'give it to the delivery partner',
    description: 'Starts fulfillment: possible while the order awaits its release, until the deadline.',
    doing: 'start fulfillment',
  },
  {
    name: 'cancel',
    summary: 'cancel and refund',
    description:
      'Cancels an order. In every state the answer is true: accepted, pending_partner, or rejected with what to do instead.',
    doing: 'cancel the order',
  },
  {
    name: 'item-picked',
    summary: 'the partner has picked it up',
    description: 'The delivery partner has picked the item up: the order is in transit.',
    doing: 'mark the item as picked',
  },
  {
    name: 'confirm-delivery',
    summary: 'it has arrived: completed',
    description: 'The item has arrived: the order is completed. Only after it was picked up.',
    doing: 'confirm the delivery',
  },
];

export function addOrderVerbs(program: Command, kit: Kit): void {
  for (const { name, summary, description, doing } of verbs) {
    const command = program
      .command(name)
      .addArgument(orderArgument())
      .summary(summary)
      .description(description)
      .addOption(idempotencyKeyOption())
      .action(
        kit.action((session, id: string, options: { idempotencyKey?: string }) =>
          sendCommand(session, id, { action: name, doing, ...options }),
        ),
      );
    examples(command, `${name} po_1m87`, `${name} -`);
  }
}

interface Wish {
  action: OrderAction;
  doing: string;
  body?: unknown;
  idempotencyKey?: string;
}

/** Sends a person's command and says what it was answered. */
export async function sendCommand(session: Session, id: string, wish: Wish): Promise<ExitCode> {
  const { body: answer } = await session.api.post<CommandAnswer>(session.path(id, `/${wish.action}`), {
    doing: wish.doing,
    body: wish.body,
    idempotencyKey: wish.idempotencyKey ?? crypto.randomUUID(),
  });
  return tellAnswer(session, answer);
}

export async function tellAnswer(session: Session, answer: CommandAnswer): Promise<ExitCode> {
  const { output } = session;
  await output.answer(answer, () =>
    [
      ...wrap(`${said(answer, session)} ${answer.message}`, output.columns),
      '',
      orderHead(answer.order, output),
    ].join('\n'),
  );
  if (answer.answer === 'pending_approval') {
    session.remember(answer.orderId);
    session.suggest([{ command: `approve ${answer.proposalId}`, why: 'as a supervisor' }]);
    return exitCodes.notConfirmed;
  }
  session.suggestFor(answer.order);
  if (answer.answer === 'not_confirmed') return exitCodes.notConfirmed;
  return answer.answer === 'rejected' ? exitCodes.notAllowed : exitCodes.ok;
}

function said({ answer }: CommandAnswer, { output: { paint } }: Session): string {
  const color = {
    accepted: paint.green,
    pending_partner: paint.yellow,
    pending_approval: paint.yellow,
    rejected: paint.red,
    not_confirmed: paint.yellow,
  };
  return paint.bold(color[answer](`${answer}:`));
}
