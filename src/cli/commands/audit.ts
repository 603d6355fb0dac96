import type { Command } from 'commander';
import type { Audit } from '../../contract/audit.js';
import type { Kit } from '../program.js';
import { table, type Column } from '../render/table.js';
import { instantWithSeconds } from '../render/text.js';
import { examples, orderArgument } from './arguments.js';

type Entry = Audit['entries'][number];

export function addAudit(program: Command, kit: Kit): void {
  const command = program
    .command('audit')
    .addArgument(orderArgument())
    .summary('who asked for what, and what came of it')
    .description('Every command about an order and every refusal: who, when, and what came of it.')
    .action(
      kit.action(async (session, id: string) => {
        const { api, output } = session;
        const audit = await api.get<Audit>(session.path(id, '/audit'), 'read the audit');
        session.remember(audit.orderId);
        await output.answer(audit, () =>
          audit.entries.length > 0
            ? table(columns, audit.entries, output.tableWidth, output.paint.dim)
            : 'Nobody has asked for anything.',
        );
        session.suggest([{ command: `status ${audit.orderId}`, why: 'where the order stands' }]);
      }),
    );
  examples(command, 'audit po_1m87', 'audit - --json');
}

const who = ({ caller, keyId, keyName }: Entry): string =>
  keyName ? `${caller} ${keyName} (${keyId})` : [caller, keyId !== caller && keyId].filter(Boolean).join(' ');

const outcome = ({ outcome: what, code, times }: Entry): string =>
  `${code ? `${what}: ${code}` : what}${times > 1 ? ` × ${times}` : ''}`;

const columns: Column<Entry>[] = [
  { head: 'WHEN', value: (entry) => instantWithSeconds(entry.at) },
  { head: 'WHO', value: who, shrinkTo: 12 },
  { head: 'ACTION', value: (entry) => entry.action },
  { head: 'OUTCOME', value: outcome },
  { head: 'REQUEST', value: (entry) => entry.requestId, dropFirst: 1 },
];
