import type { Command } from 'commander';
import { exitCodes } from '../../exit-codes.js';
import { CliFailure } from '../../failure.js';
import type { Kit } from '../../program.js';
import { table, type Column } from '../../render/table.js';
import { fields, instant, wrap } from '../../render/text.js';
import type { Session } from '../../session.js';
import { examples } from '../arguments.js';

interface Mail {
  id: string;
  to: string[];
  subject: string;
  text: string;
  orderId: string | null;
  receivedAt: string;
}

export function addMail(sandbox: Command, kit: Kit): void {
  const mail = sandbox
    .command('mail')
    .argument('[id]', 'a mail, or an order whose mails to read (default: list all)')
    .description('the mail that the shop has sent')
    .action(kit.action(readMail));
  examples(mail, 'sandbox mail', 'sandbox mail -');
}

async function readMail(session: Session, id?: string): Promise<void> {
  const { output } = session;
  const doing = 'read the mail';
  if (id === undefined) {
    const all = await session.sandbox().get<Mail[]>('/mail', doing);
    await output.answer(all, () =>
      all.length > 0 ? table(columns, all, output.tableWidth, output.paint.dim) : 'No mail yet.',
    );
    const last = all.at(-1);
    if (last) session.suggest([{ command: `sandbox mail ${last.id}`, why: 'read the last one' }]);
    return;
  }
  const mails = await find(session, id);
  await output.answer(
    mails,
    () =>
      mails
        .map((each) => letter(each, output.columns))
        .join(`\n${'─'.repeat(Math.min(output.columns, 60))}\n`) || 'No mail yet.',
  );
}

async function find(session: Session, id: string): Promise<Mail[]> {
  const doing = 'read the mail';
  if (!id.startsWith('mail')) {
    const { orderId } = await session.order(id);
    return session.sandbox().get<Mail[]>(`/mail?orderId=${orderId}`, doing);
  }
  const found = (await session.sandbox().get<Mail[]>('/mail', doing)).filter((mail) => mail.id === id);
  if (found.length > 0) return found;
  throw new CliFailure(exitCodes.notFound, 'Could not read the mail.', `There is no mail ${id}.`, [
    `${session.program} sandbox mail lists all.`,
  ]);
}

function letter(mail: Mail, columns: number): string {
  const head = fields(
    [
      ['To', mail.to.join(', ')],
      ['Subject', mail.subject],
      ['Received', instant(mail.receivedAt)],
    ],
    columns,
  );
  return `${head}\n\n${wrap(mail.text.trim(), columns).join('\n')}\n`;
}

const columns: Column<Mail>[] = [
  { head: 'MAIL', value: (m) => m.id },
  { head: 'TO', value: (m) => m.to.join(', '), dropFirst: 2 },
  { head: 'SUBJECT', value: (m) => m.subject, shrinkTo: 15 },
  { head: 'ORDER', value: (m) => m.orderId ?? '', dropFirst: 1 },
];
