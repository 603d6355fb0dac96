import { Option, type Command } from 'commander';
import type { Reconciliation } from '../../contract/reconciliation.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import type { Output } from '../output.js';
import type { Kit } from '../program.js';
import { findingBlock } from '../render/findings.js';
import { instantWithSeconds, plural, wrap } from '../render/text.js';
import type { Session } from '../session.js';
import { examples } from './arguments.js';

/** Longer than the API waits. */
const TIMEOUT_MS = 40_000;

export function addReconcile(program: Command, kit: Kit): void {
  const command = program
    .command('reconcile')
    .summary('do orders, workflows, gateway and stock fit?')
    .description(
      'Compares orders, workflows, ledger, gateway and stock now, and says what does not fit; it moves no money. ' +
        'Exit code 1 when something does not fit, or could not be looked at.',
    )
    .option('--last', 'what the last run has found, without a new one')
    .addOption(
      new Option('--acknowledge <subject>', 'this finding, which is of no order, was seen').conflicts('last'),
    )
    .action(kit.action(reconcile));
  examples(command, 'reconcile', 'reconcile --last --json', 'reconcile --acknowledge pi_1');
}

interface Options {
  last?: boolean;
  acknowledge?: string;
}

async function reconcile(session: Session, { last, acknowledge }: Options): Promise<ExitCode> {
  const { api, output, suggest } = session;
  if (acknowledge !== undefined) return seen(session, acknowledge);
  const doing = 'compare the books';
  const { status, body: all } = last
    ? { status: 200, body: await api.get<Reconciliation>('/reconciliation', doing) }
    : await api.post<Reconciliation>('/reconciliation/run', { doing, timeoutMs: TIMEOUT_MS });
  await output.answer(all, () => page(all, output));
  const orders = [...new Set(all.findings.flatMap(({ orderId }) => orderId ?? []))];
  suggest(orders.slice(0, 3).map((id) => ({ command: `resolve ${id} --action acknowledge`, why: '' })));
  if (status === 202) return exitCodes.notConfirmed;
  return all.findings.length > 0 || all.run?.outcome === 'incomplete' ? exitCodes.failure : exitCodes.ok;
}

async function seen({ api, output }: Session, subject: string): Promise<ExitCode> {
  const doing = 'acknowledge what was found';
  const all = await api.post<Reconciliation>('/reconciliation/acknowledge', { doing, body: { subject } });
  await output.answer(
    all.body,
    () => `${subject} was seen: it stays, and calls nobody until something else is found.`,
  );
  return exitCodes.ok;
}

function page({ run, findings }: Reconciliation, output: Output): string {
  const { paint, columns } = output;
  const parts = findings.map((found) => findingBlock(found, output));
  return [...parts, wrap(summary(run, findings.length, paint), columns).join('\n')].join('\n\n');
}

function summary(run: Reconciliation['run'], count: number, paint: Output['paint']): string {
  const found = `${plural(count, 'finding')}`;
  if (!run) return `${found}. Nothing has been compared yet.`;
  if (run.outcome === 'running')
    return `${found} so far. The run that began ${instantWithSeconds(run.startedAt)} goes on.`;
  if (run.outcome === 'incomplete')
    return paint.red(`${found}. The last run could not look at: ${run.failed.join(', ')}.`);
  if (count > 0) return paint.red(`${found}.`);
  return paint.green(`Everything fits together, by the run of ${instantWithSeconds(run.startedAt)}.`);
}
