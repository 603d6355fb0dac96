import { Argument, type Command } from 'commander';
import { exitCodes } from '../../exit-codes.js';
import { CliFailure } from '../../failure.js';
import type { Kit } from '../../program.js';
import { money } from '../../render/money.js';
import { fields } from '../../render/text.js';
import type { Session } from '../../session.js';
import { examples } from '../arguments.js';

interface Refund {
  id: string;
  amount: number;
  currency: string;
  status: string;
}

export function addRefund(sandbox: Command, kit: Kit): void {
  const statuses = ['succeeded', 'failed', 'pending', 'requires_action', 'canceled'];
  const refund = sandbox
    .command('refund')
    .argument('<id>', "the gateway's id of a refund (re_…), or the order it belongs to")
    .addArgument(new Argument('<status>', 'what becomes of it').choices(statuses))
    .description('the bank decides about a refund')
    .action(kit.action(changeRefund));
  examples(refund, 'sandbox refund - failed', 'sandbox refund re_1a2b3c succeeded');
}

async function changeRefund(session: Session, given: string, status: string): Promise<void> {
  const { output } = session;
  const doing = 'change the refund';
  const id = given.startsWith('re_') ? given : await refundOf(session, given);
  const { body: refund } = await session
    .sandbox()
    .post<Refund>(`/refunds/${encodeURIComponent(id)}/status`, { doing, body: { status } });
  await output.answer(refund, () =>
    fields(
      [
        ['Refund', refund.id],
        ['Amount', money(refund.amount, refund.currency.toUpperCase())],
        ['Status', refund.status],
      ],
      output.columns,
    ),
  );
  if (!given.startsWith('re_')) session.suggest([{ command: 'status -', why: 'what the order made of it' }]);
}

async function refundOf(session: Session, order: string): Promise<string> {
  const { orderId, status, refund } = await session.order(order);
  if (refund?.gatewayId) return refund.gatewayId;
  throw new CliFailure(
    exitCodes.notAllowed,
    'Could not change the refund.',
    `The order is ${status}: no refund has been requested.`,
    [`${session.program} status ${orderId} shows what is possible now.`],
  );
}
