import { Option, type Command } from 'commander';
import { attentionReasons } from '../../domain/attention.js';
import type { Kit } from '../program.js';
import { examples, idempotencyKeyOption, orderArgument } from './arguments.js';
import { sendCommand } from './order-verbs.js';

interface Options {
  action: string;
  reason?: string;
  reference?: string;
  idempotencyKey?: string;
}

export function addResolve(program: Command, kit: Kit): void {
  const actions = [
    ...new Set(Object.values(attentionReasons).flatMap(({ actions: possible }) => [...possible])),
  ];
  const command = program
    .command('resolve')
    .addArgument(orderArgument())
    .summary('decide what needs a person')
    .description('Decides what an order that needs attention does next.')
    .addOption(
      new Option('--action <action>', 'what to do; status says what is possible')
        .choices(actions)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--reason <reason>', 'which call is meant, when more than one is open').choices(
        Object.keys(attentionReasons),
      ),
    )
    .option('--reference <text>', 'proof of payment, for settle_outside')
    .addOption(idempotencyKeyOption())
    .action(
      kit.action((session, id: string, { action, reason, reference, idempotencyKey }: Options) =>
        sendCommand(session, id, {
          action: 'resolve',
          doing: 'resolve that',
          body: { action, ...(reason ? { reason } : {}), ...(reference ? { reference } : {}) },
          ...(idempotencyKey ? { idempotencyKey } : {}),
        }),
      ),
    );
  examples(
    command,
    'resolve po_1m87 --action rebook',
    'resolve po_1m87 --action wait --reason pickup_overdue',
    'resolve - --action settle_outside --reference "transfer 4711"',
  );
}
