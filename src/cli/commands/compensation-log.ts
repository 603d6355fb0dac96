import type { Command } from 'commander';
import type { CompensationLog } from '../../contract/api.js';
import { formatDuration } from '../../domain/deadline.js';
import type { Kit } from '../program.js';
import type { Look } from '../render/order-page.js';
import { instantWithSeconds, plural, wrap } from '../render/text.js';
import { examples, orderArgument } from './arguments.js';

type Entry = CompensationLog['entries'][number];

export function addCompensationLog(program: Command, kit: Kit): void {
  const command = program
    .command('compensation-log')
    .addArgument(orderArgument())
    .summary('what was undone, and how')
    .description('What was undone, in reverse order, and what each undo really did.')
    .action(
      kit.action(async (session, id: string) => {
        const doing = 'read the compensation log';
        const log = await session.api.get<CompensationLog>(session.path(id, '/compensation-log'), doing);
        session.remember(log.orderId);
        await session.output.answer(log, () => page(log, session.output));
        session.suggest([{ command: `status ${log.orderId}`, why: 'where the order stands' }]);
      }),
    );
  examples(command, 'compensation-log po_1m87', 'compensation-log - --json');
}

function page({ orderId, entries }: CompensationLog, look: Look): string {
  const head = look.paint.bold(orderId);
  if (entries.length === 0) return `${head}  nothing has been undone`;
  return [`${head}  undone in reverse order`, ...entries.map((entry, i) => undo(entry, i + 1, look))].join(
    '\n\n',
  );
}

function undo(entry: Entry, number: number, { paint, columns }: Look): string {
  const bad = entry.finishedAt === null;
  const outcome = (bad ? paint.yellow : paint.green)(entry.outcome);
  const took = entry.finishedAt && formatDuration(Date.parse(entry.finishedAt) - Date.parse(entry.startedAt));
  const lines = [
    `${outcome}${entry.detail ? `: ${entry.detail}` : ''}`,
    paint.dim(
      `started ${instantWithSeconds(entry.startedAt)}, ${took ? `took ${took}` : 'not finished'}, ${plural(entry.attempts, 'attempt')}`,
    ),
    ...(entry.lastError ? [`last error: ${entry.lastError}`] : []),
  ];
  return [
    `${number}. ${paint.bold(entry.step)}, undoes ${entry.undoes}`,
    ...lines.flatMap((line) => wrap(line, columns - 3)).map((line) => `   ${line}`),
  ].join('\n');
}
