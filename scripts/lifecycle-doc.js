// Writes docs/lifecycle.md from the table in src/domain/lifecycle.ts; `--check` fails when the file is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const file = join(root, 'docs/lifecycle.md');

export async function lifecycleDoc() {
  const { transitions, orderStatuses, allowedActions, finalStatuses } = await import(
    pathToFileURL(join(root, 'dist/src/domain/lifecycle.js')).href
  );
  const diagram = transitions.map(({ from, to, event }) => `    ${from} --> ${to}: ${event}`);
  const ends = finalStatuses.map((status) => `    ${status} --> [*]`);
  const rows = orderStatuses.map((status) => {
    const actions = allowedActions(status).map((action) => `\`${action}\``);
    return `| \`${status}\` | ${actions.join(', ') || '–'} |`;
  });
  return `# The life of an order

Generated from \`src/domain/lifecycle.ts\` by \`npm run docs\`; a test fails when it is stale. The workflow follows this
table, the database refuses any step that is not in it, and the screens draw their buttons from it.

\`\`\`mermaid
stateDiagram-v2
    [*] --> payment_pending: placed, units held
${[...diagram, ...ends].join('\n')}
\`\`\`

## What a person may do

\`resolve\` joins in every state while something needs attention.

| status | commands |
| --- | --- |
${rows.join('\n')}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await lifecycleDoc();
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) throw new Error('docs/lifecycle.md is stale: npm run docs');
}
