import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { brokenInvariants } from '../support/checks.js';
import { createClient } from './client.js';
import { driveToEnd } from './drive.js';
import { findings } from './findings.js';
import { live, type Story } from './life.js';
import { startMonkey } from './monkey.js';
import { planOf, type Fault } from './plan.js';
import { restDeadline } from './rest.js';
import { processNames, startStack, type Stack } from './stack.js';
import { judge } from './verdict.js';
import { watchStock } from './watch-stock.js';

export interface SeedOptions {
  seed: number;
  orders: number;
  /** Lives at once. */
  lanes: number;
  kinds: Fault['kind'][];
  cluster: boolean;
  folder: string;
}

export interface SeedResult {
  seed: number;
  orders: number;
  seconds: number;
  injected: Map<string, number>;
  ends: Map<string, number>;
  violations: string[];
  folder: string;
  /** The arguments that run it again. */
  again: string;
}

/** One seed: lives and faults together, then healing, rest, the end of every order, and the judgement at both. */
export async function runSeed(options: SeedOptions): Promise<SeedResult> {
  const { seed, orders, lanes, kinds, cluster } = options;
  const began = Date.now();
  const folder = join(options.folder, `seed-${seed}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const note = noteTo(folder);
  const plan = planOf(seed, orders, kinds);
  const stack = await startStack(folder, note, cluster);
  try {
    const client = createClient(stack.frontUrl);
    const skus = {
      plenty: await stack.direct.addProduct({ capacity: 10 * orders }),
      scarce: await stack.direct.addProduct({ capacity: Math.ceil(orders / 4) }),
    };
    const look = (id: string) => stack.direct.order(id).catch(() => undefined);
    const shop = { client, sandbox: stack.observed.sandbox, skus, look, prefix: `seed-${seed}` };

    const watch = watchStock(stack.observed.database.db);
    const monkey = startMonkey(stack, plan.faults, note);
    const stories = await inLanes(lanes, plan.lives, (life, index) => live(shop, life, index));
    await monkey.stop();
    const violations = await watch.stop();
    const patience = (await restDeadline(stack.observed)) - Date.now();
    note(`must be at rest within ${Math.round(patience / 1000)} s`);
    violations.push(...(await brokenInvariants(stack.observed, undefined, {}, patience)));
    violations.push(...(await findings(stack)));
    note(`at rest: ${violations.length} violations`);
    violations.forEach(note);
    violations.push(...(await endAll(stack, stories)));
    note('every order has ended');
    violations.push(...(await brokenInvariants(stack.observed, undefined, {}, 30_000)));
    violations.push(...(await findings(stack)));
    violations.push(...(await judge(stack, stories, client)));
    violations.push(...died(stack));
    violations.forEach(note);
    return {
      ...{ seed, orders, folder, injected: monkey.injected },
      again: `${cluster ? '--cluster ' : ''}--seed ${seed} --orders ${orders}`,
      seconds: Math.round((Date.now() - began) / 1000),
      ends: await statuses(stack),
      violations: [...new Set(violations)],
    };
  } finally {
    await stack.stop();
  }
}

export const noteTo =
  (folder: string) =>
  (line: string): void =>
    appendFileSync(join(folder, 'chaos.log'), `${new Date().toISOString()} ${line}\n`);

/** Each lane takes the next piece of work when it is done with one. */
export async function inLanes<T, R>(
  lanes: number,
  work: T[],
  run: (piece: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = work.entries();
  const lane = async (): Promise<void> => {
    for (const [index, piece] of queue) results[index] = await run(piece, index);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}

async function endAll(stack: Stack, stories: Story[]): Promise<string[]> {
  const wishes = new Map(stories.map((story) => [story.key, story.life]));
  const rows = await stack.observed.database.db
    .selectFrom('orders')
    .select(['id', 'idempotency_key'])
    .orderBy('id')
    .execute();
  const failures = await inLanes(8, rows, ({ id, idempotency_key: key }) =>
    driveToEnd(stack, id, wishes.get(key) ?? { end: 'cancel', unpaid: 'retry' }).catch(
      (error: unknown) => `I6: ${id}: cannot be brought to an end: ${String(error)}`,
    ),
  );
  return failures.filter((text) => text !== undefined);
}

export async function statuses({ observed }: Stack): Promise<Map<string, number>> {
  const rows = await observed.database.db
    .selectFrom('orders')
    .select((eb) => ['status', eb.fn.countAll<number>().as('count')])
    .groupBy('status')
    .orderBy('status')
    .execute();
  return new Map(rows.map(({ status, count }) => [status, Number(count)]));
}

export function died({ processes }: Stack): string[] {
  return processNames.flatMap((name) =>
    processes[name].endedByItself.map((how) => `I6: ${name} ended by itself (${how})`),
  );
}
