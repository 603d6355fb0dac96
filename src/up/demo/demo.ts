import { join } from 'node:path';
import pc from 'picocolors';
import { readConfig } from '../../config.js';
import { orStop, untilStopped } from '../roles/until-stopped.js';
import { seedProducts } from '../seed.js';
import { startStack, type Stack } from '../stack.js';
import { finalBooks } from './final-books.js';
import { scenes } from './scenes.js';
import { createShop } from './shop.js';
import { createTeller } from './teller.js';

/** `npm run demo`: ten stories, months in seconds on the real engine, and the books at the end. Exit 1: not balanced. */
export async function main(args: string[]): Promise<number> {
  const config = readConfig();
  const dataDir = join(config.PREORDER_DATA_DIR, 'demo');
  const say = (line: string): void => void process.stdout.write(`${pc.dim(line)}\n`);
  const stopped = untilStopped();
  const stack = await orStop(startStack({ config, dataDir, say, fresh: true }), stopped);
  try {
    if (!stack.temporal.timeSkipping) {
      say(
        'This Temporal server does not skip time, so the demo cannot show months. Stop it and let the demo bring its own.',
      );
      return 1;
    }
    const balanced = await Promise.race([tellAll(stack), stopped.then(() => false)]);
    const stay = process.stdout.isTTY && !args.includes('--exit');
    if (stay) {
      process.stdout.write(lookAround(stack, dataDir));
      await stopped;
    }
    return balanced ? 0 : 1;
  } finally {
    await stack.stop();
  }
}

async function tellAll(stack: Stack): Promise<boolean> {
  await seedProducts(stack.api, Date.now());
  const tell = createTeller((text) => process.stdout.write(text));
  const shop = createShop(stack);
  const startedAt = Date.now();
  for (const scene of scenes) {
    tell.chapter(scene.title, scene.why);
    await scene.play({ tell, shop, stack });
    await shop.clearFaults();
  }
  const { text, balanced } = await finalBooks(stack);
  tell.line();
  tell.line(pc.bold('The books: charged − refunded, by the gateway and by our ledger, and the units'));
  tell.line(text);
  tell.line();
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  tell.line(
    balanced
      ? pc.green(
          `Balanced, to the minor unit. ${scenes.length} stories, months of waiting, ${seconds} seconds.`,
        )
      : pc.red('NOT balanced. That is a bug: the orders marked ✗ above are where to look.'),
  );
  return balanced;
}

function lookAround({ connection, server, temporal }: Stack, dataDir: string): string {
  const env = `PREORDER_DATA_DIR=${dataDir}`;
  return [
    '',
    'Everything is still running. Look around, or break it:',
    `  ${pc.cyan(temporal.uiUrl ?? '')}   every order as a workflow`,
    `  ${pc.cyan(`${connection.url}/docs`)}   the API`,
    `  ${pc.cyan(`${env} npx preorder list`)}`,
    `  ${pc.cyan(`${env} npx preorder sandbox fault payment-gateway error_500 --times 5`)}`,
    `  ${pc.cyan(`kill -9 ${server.pid}`)}   then: npm start`,
    '',
    'Ctrl-C stops it.',
    '',
  ].join('\n');
}
