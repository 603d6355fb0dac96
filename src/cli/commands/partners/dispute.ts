import { Argument, type Command } from 'commander';
import type { Kit } from '../../program.js';
import { money } from '../../render/money.js';
import { fields } from '../../render/text.js';
import type { Session } from '../../session.js';
import { examples } from '../arguments.js';

interface Dispute {
  id: string;
  amount: number;
  currency: string;
  status: string;
}

export function addDispute(sandbox: Command, kit: Kit): void {
  const dispute = sandbox
    .command('dispute')
    .argument('<id>', 'an order, whose payment the bank takes back; or a dispute (dp_…), to decide it')
    .addArgument(new Argument('[decision]', 'who wins, seen from the shop').choices(['won', 'lost']))
    .description("the customer's bank takes a payment back")
    .action(kit.action(changeDispute));
  examples(dispute, 'sandbox dispute -', 'sandbox dispute dp_1a2b3c won');
}

async function changeDispute(session: Session, given: string, status?: string): Promise<void> {
  const { output } = session;
  const sandbox = session.sandbox();
  const decide = given.startsWith('dp_');
  const { body: dispute } = decide
    ? await sandbox.post<Dispute>(`/disputes/${encodeURIComponent(given)}/status`, {
        doing: 'decide the dispute',
        body: { status: status ?? 'lost' },
      })
    : await sandbox.post<Dispute>('/payment-gateway/disputes', {
        doing: 'dispute the payment',
        body: { orderId: (await session.order(given)).orderId },
      });
  await output.answer(dispute, () =>
    fields(
      [
        ['Dispute', dispute.id],
        ['Amount', money(dispute.amount, dispute.currency.toUpperCase())],
        ['Status', dispute.status],
      ],
      output.columns,
    ),
  );
  session.suggest([
    { command: 'attention', why: 'what it means for the shop' },
    ...(decide ? [] : [{ command: `sandbox dispute ${dispute.id} won`, why: 'the bank decides' }]),
  ]);
}
