import { Argument, type Command } from 'commander';
import type { Fault } from '../../../contract/development.js';
import { faultKinds, operations } from '../../../contract/faults.js';
import type { Kit } from '../../program.js';
import { table, type Column } from '../../render/table.js';
import type { Session } from '../../session.js';
import { examples, whole } from '../arguments.js';

interface Options {
  operation?: string;
  times?: number;
  match?: string;
}

const targets = Object.keys(operations);

export function addFaults(sandbox: Command, kit: Kit): void {
  const fault = sandbox
    .command('fault')
    .addArgument(new Argument('<target>', 'who fails').choices(targets))
    .addArgument(
      new Argument('<kind>', 'how; drop_reply does the work and loses the answer').choices(faultKinds),
    )
    .description('make a partner fail')
    .option('--operation <name>', 'only this call, e.g. create_refund (default: all)')
    .option('--times <n>', 'so often (default: until cleared)', whole(1, 1_000_000))
    .option('--match <order>', 'only for this order')
    .action(kit.action(addFault));
  examples(
    fault,
    'sandbox fault payment-gateway drop_reply --times 1',
    'sandbox fault payment-gateway error_500 --operation create_refund --match -',
    'sandbox fault mail refuse_connection',
  );
  sandbox
    .command('faults')
    .description('the faults that are set, and how often each has hit')
    .action(kit.action(listFaults));
  sandbox
    .command('clear')
    .description('partners behave again: no faults, no modes')
    .action(kit.action(clear));
}

async function addFault(session: Session, target: string, kind: string, options: Options): Promise<void> {
  const { output } = session;
  const { match, ...rest } = options;
  const orderId = match === undefined ? undefined : (await session.order(match)).orderId;
  const { body: fault } = await session.sandbox().post<Fault>('/faults', {
    doing: 'set the fault',
    body: { target, kind, ...rest, ...(orderId ? { match: orderId } : {}) },
  });
  await output.answer(fault, () => table(columns, [fault], output.tableWidth, output.paint.dim));
  session.suggest([
    { command: 'sandbox faults', why: 'how often it has hit' },
    { command: 'sandbox clear', why: 'end it' },
  ]);
}

async function listFaults({ output, sandbox, suggest }: Session): Promise<void> {
  const faults = await sandbox().get<Fault[]>('/faults', 'list the faults');
  await output.answer(faults, () =>
    faults.length > 0 ? table(columns, faults, output.tableWidth, output.paint.dim) : 'No faults.',
  );
  if (faults.length > 0) suggest([{ command: 'sandbox clear', why: 'end them' }]);
}

async function clear({ output, sandbox }: Session): Promise<void> {
  const doing = 'clear the faults';
  await sandbox().ask('DELETE', '/faults', { doing });
  await sandbox().ask('DELETE', '/delivery-partner/modes', { doing });
  await output.answer({}, () => 'No faults and no modes are set: the partners behave.');
}

const columns: Column<Fault>[] = [
  { head: 'TARGET', value: (f) => f.target },
  { head: 'KIND', value: (f) => f.kind },
  { head: 'OPERATION', value: (f) => f.operation ?? 'all', shrinkTo: 10 },
  { head: 'HITS', value: (f) => (f.times ? `${f.hits} of ${f.times}` : String(f.hits)), align: 'right' },
  { head: 'ORDER', value: (f) => f.match ?? 'all', dropFirst: 1 },
];
