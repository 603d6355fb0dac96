import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { connectTemporal, temporalClient } from '../src/client/connection.js';
import { readConfig } from '../src/config.js';
import { deliveryWorkflowId, orderWorkflowId } from '../src/domain/identity.js';
import { startStack } from '../src/up/stack.js';
import { costOf } from './actions.js';
import { benchConsole } from './console.js';
import { openFloor } from './floor.js';
import { latencyOf, median, throughputOf } from './measure.js';
import { openOrders } from './orders.js';
import { safetyCost } from './safety.js';

/**
 * `npm run bench [-- --json --rounds 3 --open 2000]`: figures of this machine, beside what an empty workflow costs.
 * `npm run bench -- --console [--orders 100000]`: what an operator waits for when there are many orders.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    open: { type: 'string', default: '2000' },
    console: { type: 'boolean', default: false },
    orders: { type: 'string', default: '100000' },
  },
});
const config = readConfig();
const say = (line: string): void => void process.stderr.write(`${line}\n`);
if (values.console) {
  process.stdout.write(`${await benchConsole(config, Number(values.orders), say)}\n`);
  process.exit();
}
const stack = await startStack({
  config,
  dataDir: join(config.PREORDER_DATA_DIR, 'bench'),
  say,
  fresh: true,
  env: { PREORDER_RATE_LIMITS: 'false' },
});
const { address, namespace } = stack.temporal;
const connection = await connectTemporal({ address, namespace });
// Counts events, and reads no payload.
const client = temporalClient(connection, namespace, {});
const floor = await openFloor(address, namespace);
const orders = await openOrders(stack.api, stack.sandbox);
const place = async (): Promise<void> => void (await orders.place());

const series = { latency: [] as number[], p99: [] as number[], at16: [] as number[], at64: [] as number[] };
const floorSeries = structuredClone(series);
// A shop's server has been up for longer than the compiler of its language takes to know it.
say('warming up with 800 orders and 800 empty workflows');
await throughputOf(800, 16, place);
await throughputOf(800, 16, floor.run);
for (let round = 1; round <= Number(values.rounds); round += 1) {
  say(`round ${round} of ${values.rounds}: empty workflow and order in turn`);
  for (const [into, work] of [
    [floorSeries, floor.run],
    [series, place],
  ] as const) {
    // What the series before has left to do, mails and the server's own queues, is not this one's.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const { p50, p99 } = await latencyOf(100, work);
    into.latency.push(p50);
    into.p99.push(p99);
    into.at16.push(await throughputOf(200, 16, work));
    into.at64.push(await throughputOf(256, 64, work));
  }
}
const completed = await orders.complete();
const cancelled = await orders.cancel();
const completedCost = await costOf(client, [orderWorkflowId(completed), deliveryWorkflowId(completed)]);
const cancelledCost = await costOf(client, [orderWorkflowId(cancelled)]);
const safety = await safetyCost(client, [orderWorkflowId(completed), deliveryWorkflowId(completed)]);

const { body } = await stack.api.get<{ stock: { sku: string; reserved: number }[] }>('/api/books');
const open = body.stock.find((row) => row.sku === 'bench-phone')?.reserved ?? 0;
const kept = Math.max(open, Number(values.open));
say(`${open} orders are open; adding ${kept - open}`);
if (open < kept) await throughputOf(kept - open, 32, place);
const rssKib = Number(
  execFileSync('ps', ['-o', 'rss=', '-p', String(stack.server.pid)], { encoding: 'utf8' }),
);

const result = {
  machine: { cores: cpus().length, node: process.version },
  database: config.DATABASE_URL ? 'postgres' : 'embedded',
  temporal: stack.temporal.serverVersion,
  placeOrder: summary(series),
  emptyWorkflow: summary(floorSeries),
  completedOrder: completedCost,
  cancelledOrder: cancelledCost,
  safety,
  serverMemoryMiB: { openOrders: kept, rss: Math.round(rssKib / 1024) },
};
function summary(s: typeof series) {
  const round = (value: number): number => Math.round(value * 10) / 10;
  return {
    p50Ms: round(median(s.latency)),
    p99Ms: round(median(s.p99)),
    perSecondAt16: round(median(s.at16)),
    perSecondAt64: round(median(s.at64)),
  };
}

if (values.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
else process.stdout.write(`${tables()}\n`);

function tables(): string {
  const style = { head: [], border: [], compact: true };
  const speed = new Table({ head: ['', 'p50 alone', 'p99 alone', '16 callers', '64 callers'], style });
  for (const [name, s] of [
    ['place an order, until it waits', result.placeOrder],
    ['empty workflow, start to end', result.emptyWorkflow],
  ] as const) {
    speed.push([name, `${s.p50Ms} ms`, `${s.p99Ms} ms`, `${s.perSecondAt16}/s`, `${s.perSecondAt64}/s`]);
  }
  const cost = new Table({
    head: ['', 'events', 'billable actions', 'of these reminder timers', 'attribute upserts'],
    style,
  });
  for (const [name, c] of [
    ['completed order, with its delivery', completedCost],
    ['cancelled order, refunded', cancelledCost],
  ] as const) {
    cost.push([name, c.events, c.actions, c.reminderTimers, c.searchAttributeUpserts]);
  }
  const ms = (value: number): string => `${value.toFixed(2)} ms`;
  const triggers = safety.placingMs - safety.placingWithoutTriggersMs;
  const safe = new Table({ head: ['what safety costs, alone', 'median'], style });
  safe.push(
    [`${safety.payloads} payloads of a completed order, encrypted and decrypted`, ms(safety.encryptionMs)],
    ['one row of the audit', ms(safety.auditRowMs)],
    [`triggers of placing, of ${ms(safety.placingMs)} for its statement`, ms(triggers)],
  );
  const { rss, openOrders } = result.serverMemoryMiB;
  const { cores, node } = result.machine;
  return [
    `${cores} cores, Node ${node}, Temporal ${result.temporal}, ${result.database} database, median of ${values.rounds} rounds`,
    speed.toString(),
    cost.toString(),
    safe.toString(),
    `API and worker process with ${openOrders} open orders: ${rss} MiB`,
  ].join('\n\n');
}

await floor.stop();
await connection.close();
await stack.stop();
process.exit();
