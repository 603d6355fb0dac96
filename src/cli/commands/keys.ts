import { Option, type Command } from 'commander';
import type { KeyList, KeyView, MadeKey } from '../../contract/keys.js';
import type { Kit } from '../program.js';
import { table, type Column } from '../render/table.js';
import { fields, instant } from '../render/text.js';
import type { Session } from '../session.js';
import { examples } from './arguments.js';

interface NewKey {
  role: string;
  name: string;
  expires?: string;
}

/** Machine keys are a supervisor's business. */
export function addKeys(program: Command, kit: Kit): void {
  const keys = program
    .command('keys')
    .summary('make, list and revoke keys')
    .description('Machine keys: make, list, revoke (needs a supervisor).');
  const add = keys
    .command('add')
    .description('Makes a key. It is shown this once.')
    .requiredOption('--name <name>', 'whose key it is')
    .addOption(
      new Option('--role <role>', 'what it may do').choices(['operator', 'supervisor']).default('operator'),
    )
    .option('--expires <duration>', 'from now, such as 90d (default: it does not expire)')
    .action(kit.action(addKey));
  examples(add, 'keys add --name alice --role operator --expires 90d');
  const list = keys.command('list').description('Keys and who made them.').action(kit.action(listKeys));
  examples(list, 'keys list', 'keys list --json');
  const revoke = keys
    .command('revoke')
    .argument('<id>', 'of keys list')
    .description('From then on the key opens nothing.')
    .action(kit.action(revokeKey));
  examples(revoke, 'keys revoke k_3f9t0c2m1x');
}

async function addKey({ supervisor, output, suggest }: Session, body: NewKey): Promise<void> {
  const { body: made } = await supervisor.post<MadeKey>('/keys', { doing: 'make a key', body });
  await output.answer(made, () =>
    fields(
      [
        ['Key', made.key],
        ['Id', made.id],
        ['Name', made.name],
        ['Role', made.role],
        ['Expires', made.expiresAt ? instant(made.expiresAt) : 'never'],
      ],
      output.columns,
    ),
  );
  output.note('The key is shown this once: keep it now. PREORDER_OPERATOR_KEY or --key takes it.');
  suggest([{ command: `keys revoke ${made.id}`, why: 'take it back' }]);
}

async function listKeys({ supervisor, output }: Session): Promise<void> {
  const list = await supervisor.get<KeyList>('/keys', 'list the keys');
  await output.answer(list, () =>
    list.keys.length > 0
      ? table(columns, list.keys, output.tableWidth, output.paint.dim)
      : 'No keys beside those of the configuration.',
  );
}

async function revokeKey({ supervisor, output }: Session, id: string): Promise<void> {
  const path = `/keys/${encodeURIComponent(id)}/revoke`;
  const { body: key } = await supervisor.post<KeyView>(path, { doing: 'revoke the key' });
  await output.answer(key, () => `${key.id} (${key.name}) opens nothing any more.`);
}

const columns: Column<KeyView>[] = [
  { head: 'ID', value: (key) => key.id },
  { head: 'NAME', value: (key) => key.name, shrinkTo: 10 },
  { head: 'ROLE', value: (key) => key.role },
  { head: 'MADE BY', value: (key) => key.createdBy, dropFirst: 2 },
  { head: 'EXPIRES', value: (key) => (key.expiresAt ? instant(key.expiresAt) : 'never'), dropFirst: 1 },
  { head: 'REVOKED', value: (key) => (key.revokedAt ? instant(key.revokedAt) : '') },
];
