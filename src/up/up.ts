import pc from 'picocolors';
import type { SignInLink } from '../contract/api.js';
import { readConfig } from '../config.js';
import { seedProducts } from './seed.js';
import { startStack, type Stack } from './stack.js';
import { orStop, untilStopped } from './roles/until-stopped.js';

/** `preorder up`: the whole stack in one terminal, until Ctrl-C. */
export async function main(): Promise<number> {
  const config = readConfig();
  const stopped = untilStopped();
  const say = (line: string): void => void process.stdout.write(`${pc.dim(line)}\n`);
  const stack = await orStop(startStack({ config, dataDir: config.PREORDER_DATA_DIR, say }), stopped);
  await seedProducts(stack.api, Date.now());
  // Refunds of the two test cards that tell of a slow bank and a failing one do so while somebody looks.
  const soon = { automaticRefundChangesAfterMs: 60_000 };
  await stack.sandbox.send('PUT', '/_sandbox/payment-gateway/settings', soon);
  revive(stack, say);
  const { body: link } = await stack.api.post<SignInLink>('/api/sign-in-links', { to: 'console' });
  process.stdout.write(panel(stack, config.PREORDER_DATA_DIR, link));
  await stopped;
  say('Stopping. Orders wait where they are; the next start goes on.');
  await stack.stop();
  return 0;
}

/** A crashed server is started again, as a supervisor would; kill it and watch its orders go on. */
function revive({ server }: Stack, say: (line: string) => void): void {
  server.onCrash((how) => {
    say(`The API and worker process ended (${how}); starting it again.`);
    server.start().then(
      () => say(`Running again, as process ${server.pid}. Every order goes on where it was.`),
      (error: unknown) => say(String(error)),
    );
  });
}

function panel({ connection, server, temporal }: Stack, dataDir: string, link: SignInLink): string {
  const { url, sandboxUrl } = connection;
  const rows: [string, string][] = [
    ['Console', `${link.url}  (signs one browser in; once, within 15 minutes)`],
    ['Shop', `${url}/shop`],
    ['API', `${url}/api`],
    ['API docs', `${url}/docs`],
    ['Temporal', `${temporal.uiUrl ?? temporal.address}  (server ${temporal.serverVersion})`],
    ['Sandbox', `${sandboxUrl}/_sandbox/books`],
    ['Data', dataDir],
  ];
  const tries = [
    'npx preorder place-order',
    'npx preorder status -',
    'npx preorder fast-forward - --to release',
    'npx preorder start-fulfillment -',
    'npx preorder sign-in            # another link to the console',
    `kill -9 ${server.pid}   # the worker; then: npx preorder status -`,
  ];
  return [
    '',
    pc.bold('Pre-orders are open.'),
    ...rows.map(([name, value]) => `  ${name.padEnd(10)} ${value}`),
    '',
    'Try, in another terminal (- is the last order):',
    ...tries.map((line) => `  ${pc.cyan(line)}`),
    '',
    'Ctrl-C stops everything that was started here.',
    '',
  ].join('\n');
}
