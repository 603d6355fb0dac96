import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { brokenInvariants } from '../support/checks.js';
import { createClient, type Client } from './client.js';
import { orderBody, type Story } from './life.js';
import { startMonkey, type Monkey } from './monkey.js';
import { planOf, type Life } from './plan.js';
import { died, inLanes, noteTo, statuses, type SeedOptions, type SeedResult } from './seed-run.js';
import { startStack, type Stack } from './stack.js';
import { judge, untilRight } from './verdict.js';
import { watchStock } from './watch-stock.js';

export interface DropOptions extends Pick<SeedOptions, 'seed' | 'folder' | 'cluster'> {
  buyers: number;
  units: number;
}

const CALLERS = 48;
const buyer: Life = {
  ...{ product: 'scarce', quantity: 1, paymentMethod: 'pm_card_visa', zip: '12345' },
  ...{ patient: true, clicks: 1, steps: [], end: 'deliver', unpaid: 'retry' },
};

/**
 * The drop: many more buyers than units, while the processes that serve them are killed and replies are lost. Every unit
 * is sold exactly once; what is cancelled is sold again.
 */
export async function runDrop({
  seed,
  folder: parent,
  cluster,
  buyers,
  units,
}: DropOptions): Promise<SeedResult> {
  const began = Date.now();
  const folder = join(parent, `drop-${seed}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const note = noteTo(folder);
  const stack = await startStack(folder, note, cluster);
  try {
    const { faults } = planOf(
      seed,
      0,
      cluster ? ['kill', 'lose-replies', 'kill-history', 'kill-matching'] : ['kill', 'lose-replies'],
    );
    const aimed = faults.filter((fault) => !('process' in fault) || fault.process !== 'sandbox');
    const watch = watchStock(stack.observed.database.db);
    const drop = createDrop(stack, createClient(stack.frontUrl), await openSale(stack, units));
    const violations: string[] = [];

    let monkey = startMonkey(stack, aimed, note);
    await drop.sell(buyers);
    await monkey.stop();
    const injected = new Map(monkey.injected);
    violations.push(...(await drop.soldOut(units, 'the first sale')));
    note(`sold out: ${violations.length} violations`);
    violations.forEach(note);

    const freed = Math.floor((units * 2) / 5);
    monkey = startMonkey(stack, aimed.toReversed(), note);
    await drop.cancel(freed);
    await drop.sell(2 * freed);
    await monkey.stop();
    addTo(injected, monkey);
    violations.push(...(await drop.soldOut(units, `after ${freed} had cancelled`)));

    violations.push(
      ...(await watch.stop()),
      ...(await judge(stack, drop.stories, drop.client)),
      ...died(stack),
    );
    violations.forEach(note);
    const seconds = Math.round((Date.now() - began) / 1000);
    const ends = await statuses(stack);
    const again = `${cluster ? '--cluster ' : ''}--drop --seed ${seed} --buyers ${buyers} --units ${units}`;
    return { seed, orders: drop.stories.length, seconds, injected, ends, violations, folder, again };
  } finally {
    await stack.stop();
  }
}

const openSale = (stack: Stack, units: number): Promise<string> =>
  stack.direct.addProduct({ capacity: units });

function addTo(injected: Map<string, number>, monkey: Monkey): void {
  for (const [kind, count] of monkey.injected) injected.set(kind, (injected.get(kind) ?? 0) + count);
}

function createDrop(stack: Stack, client: Client, sku: string) {
  const stories: Story[] = [];

  async function buy(index: number): Promise<void> {
    const story: Story = {
      ...{ life: buyer, key: `drop-buyer-${index}`, sku, orderId: undefined },
      ...{ placed: [], otherBody: [], commands: [], nonsense: [] },
    };
    stories.push(story);
    const body = orderBody(story, index);
    const heard = await client.patiently({ path: '/api/orders', body, key: story.key });
    story.placed = [heard];
    story.orderId = heard?.body.orderId;
  }

  return {
    client,
    stories,
    async sell(buyers: number): Promise<void> {
      const first = stories.length;
      await inLanes(CALLERS, Array.from({ length: buyers }), (_, n) => buy(first + n));
    },
    async cancel(count: number): Promise<void> {
      const owners = stories.filter((story) => story.orderId !== undefined).slice(0, count);
      await inLanes(CALLERS, owners, async (story) => {
        const path = `/api/orders/${story.orderId}/cancel`;
        const heard = await client.patiently({ path, key: `${story.key}-cancel` });
        story.commands.push({ kind: 'cancel', key: `${story.key}-cancel`, heard });
        await stack.direct.untilStatus(story.orderId ?? '', 'cancelled').catch(() => undefined);
      });
    },
    /** Every unit is sold, to whom it was said, and no money of anybody else is kept. */
    async soldOut(units: number, when: string): Promise<string[]> {
      const wrong = [
        ...(await brokenInvariants(stack.observed, undefined, {}, 90_000)),
        ...(await untilRight(() => miscounted(units))),
      ];
      const silent = stories.filter(({ placed }) => placed.every((heard) => heard === undefined)).length;
      if (silent > 0) wrong.push(`I6: ${silent} buyers never got an answer`);
      return wrong.map((text) => `${text} (${when})`);
    },
  };

  /** Every unit is reserved, for an order that waits, and paid; nobody else's money is kept. */
  async function miscounted(units: number): Promise<string[]> {
    const { reserved } = await stack.observed.database.db
      .selectFrom('products')
      .select('reserved')
      .where('sku', '=', sku)
      .executeTakeFirstOrThrow();
    const ends = await statuses(stack);
    const waiting = ends.get('awaiting_release') ?? 0;
    const moving = ends.get('cancelling') ?? 0;
    const books = await stack.observed.sandbox.books();
    const kept = books.filter(({ chargedMinor, refundedMinor }) => chargedMinor > refundedMinor).length;
    return [
      reserved !== units && `I2: ${reserved} of ${units} units are reserved`,
      waiting !== units && `I2: ${waiting} orders wait for ${units} units`,
      moving > 0 && `I5: ${moving} orders are still being cancelled`,
      kept !== units && `I1: money of ${kept} buyers is kept for ${units} units`,
    ].filter((text) => text !== false);
  }
}
