import type { Command } from 'commander';
import { exitCodeMeanings } from '../exit-codes.js';
import type { Output } from '../output.js';
import type { Kit } from '../program.js';
import { wrap } from '../render/text.js';

/** `preorder help [topic]`: a command, or one of the topics below. */
export function addHelp(program: Command, kit: Kit): void {
  program.commandsGroup('More:');
  program
    .command('help')
    .argument('[topic...]', 'a command, `exit-codes`, or `json`')
    .description('a command, exit-codes, or json')
    .action((topic: string[]) => {
      const text = topics[topic.join(' ')];
      if (text) kit.output.write(`${text(kit.output.columns).join('\n')}\n`);
      else find(program, topic, kit).outputHelp();
    });
}

function find(program: Command, names: string[], kit: Kit): Command {
  return names.reduce((command, name) => {
    const found = command.commands.find((each) => each.name() === name);
    if (found) return found;
    const known = [...command.commands.map((each) => each.name()), ...Object.keys(topics)].join(', ');
    return kit.misuse(`There is no help about ${name}. There is about: ${known}.`, program);
  }, program);
}

const topics: Record<string, (columns: number) => string[]> = {
  'exit-codes': (columns) => [
    'Exit codes:',
    ...Object.entries(exitCodeMeanings).flatMap(([code, meaning]) =>
      wrap(meaning, columns - 5).map((line, i) => `  ${i === 0 ? code : ' '}  ${line}`),
    ),
  ],
  json: (columns) =>
    jsonTopic.flatMap(([head, text]) => [
      head,
      ...wrap(text, columns - 2).map((line) => `  ${line}`.trimEnd()),
      '',
    ]),
};

const jsonTopic: [string, string][] = [
  [
    'With --json',
    "stdout has the API's answer as it came, in one JSON document, and stderr is empty. The API describes its answers at /openapi.json.",
  ],
  [
    'Errors',
    'stdout is empty. stderr has one problem (RFC 9457): type, title, status, code, detail, requestId, orderId if there is one, and exitCode. What failed before it reached the API has status 0, and a code such as unreachable, timed_out or usage. When the request carried one, idempotencyKey is there to repeat it safely.',
  ],
  [
    'One order',
    'status, deadline, fast-forward: orderId, workflowId, status, payment, reservation, fulfillment, shipment, refund, cancelReason, releaseDate, deadline, now, timeLeftMs, amount (in minor units), currency, needsAttention, allowedActions, and more. place-order adds token.',
  ],
  [
    'A command',
    'start-fulfillment, cancel, item-picked, confirm-delivery, resolve, approve: orderId, answer (accepted, pending_partner, pending_approval with proposalId, rejected, not_confirmed), message, order. A cancel that is rejected is an answer, too: on stdout, with exit code 4.',
  ],
  [
    'Lists',
    'list: orders, next. products: products. attention: items. compensation-log, audit: orderId, entries. books: products, counts, orders, next, stock. keys list: keys. sign-in: url, expiresAt. reconcile: run, findings.',
  ],
  ['watch', 'One order per line and per change, each line a JSON document.'],
  ['sandbox', 'The answer of the sandbox; {} when it has none.'],
];

export function footer(output: Output, name: string): string {
  const text =
    'Data goes to stdout, hints and errors to stderr. Exit codes: 0 ok, 1 failure, 2 usage, 3 not found, ' +
    '4 not allowed in this state, 5 payment declined, 6 sold out, 7 unreachable, 8 timed out or not confirmed.';
  return [
    '',
    'Examples:',
    ...[
      'place-order --product aurora-phone --quantity 2',
      'status -',
      'watch po_1m87',
      'list --open --json',
    ].map((line) => `  ${name} ${line}`),
    '',
    ...wrap(text, output.columns),
  ].join('\n');
}
