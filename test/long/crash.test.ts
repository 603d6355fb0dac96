import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, it } from 'vitest';
import type { OrderView } from '../../src/contract/api.js';
import type { Books } from '../../src/contract/books.js';
import { startProgram, type Program } from '../../src/up/program.js';
import { freePorts } from '../../src/up/temporal/ports.js';
import { prepareDataDir } from '../support/database-template.js';
import { testPayloadKeys } from '../support/payload-keys.js';
import { createCaller } from '../support/caller.js';
import { createSandboxControls } from '../support/sandbox-controls.js';

/**
 * kill -9 of the process that carries an order, right before and right after each activity that moves something, one
 * after the other.
 */
const operatorKey = 'pok_crash_operator_key_0123456789';
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

interface Crashing {
  server: Program;
  env: Record<string, string>;
  caller: ReturnType<typeof createCaller>;
  sandbox: ReturnType<typeof createSandboxControls>;
  stop(): Promise<void>;
}

async function startProcesses(crashPoint = ''): Promise<Crashing> {
  const dataDir = mkdtempSync(join(tmpdir(), 'preorder-crash-'));
  folders.push(dataDir);
  prepareDataDir(dataDir);
  const [port = 0, sandboxPort = 0, smtpPort = 0] = await freePorts(3);
  const { address, namespace } = inject('temporal');
  const url = `http://127.0.0.1:${port}`;
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
  const env = {
    PREORDER_DATA_DIR: dataDir,
    PREORDER_PORT: String(port),
    PREORDER_URL: url,
    PREORDER_OPERATOR_KEY: operatorKey,
    PREORDER_TOKEN_SECRET: 'a-secret-of-the-tests-0123456789',
    PREORDER_PAYLOAD_KEYS: testPayloadKeys,
    PREORDER_DEVELOPMENT: 'true',
    PREORDER_TASK_QUEUE: `crash-${randomUUID()}`,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    DATABASE_URL: '',
    DELIVERY_PARTNER_URL: sandboxUrl,
    PAYMENT_GATEWAY_URL: sandboxUrl,
    SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
  };
  const program = (role: 'api' | 'sandbox', readyUrl: string, more: Record<string, string> = {}) =>
    startProgram({ role, env: { ...env, ...more }, logFile: join(dataDir, `${role}.log`), readyUrl });
  const sandbox = await program('sandbox', `${sandboxUrl}/_sandbox/health`);
  const server = await program('api', `${url}/health/ready`, { PREORDER_CRASH_AT: crashPoint });
  return {
    server,
    env,
    caller: createCaller(url, operatorKey),
    sandbox: createSandboxControls(sandboxUrl),
    stop: async () => {
      await server.stop();
      await sandbox.stop();
    },
  };
}

/**
 * Sends a command to a process that dies of it, starts it again to die at the next point, where the order is carried by
 * what the crash before had left, and sends the command again, as a client would; and once more at last.
 */
async function throughCrashes<T>(
  { server, env }: Crashing,
  points: string[],
  command: () => Promise<T>,
): Promise<T> {
  const ends: string[] = [];
  server.onCrash((how) => ends.push(how));
  for (const point of points) {
    // The first one it was started with. It may die before anybody has seen it ready.
    if (point !== points[0]) await server.start({ ...env, PREORDER_CRASH_AT: point }).catch(() => undefined);
    await Promise.allSettled([command(), server.ended()]);
  }
  expect(ends).toEqual(points.map(() => 'signal SIGKILL'));
  await server.start(env);
  return command();
}

async function ledgerOf({ caller }: Crashing, orderId: string) {
  const { sku } = await caller.order(orderId);
  const { body } = await caller.call<Books>('GET', `/api/books?product=${sku}`);
  expect(body.stock.every((row) => row.balanced)).toBe(true);
  return body.orders.find((row) => row.orderId === orderId);
}

const placing = [
  'before:chargePayment',
  'after:chargePayment',
  'before:reserveInventory',
  'after:reserveInventory',
];
const cancelling = [
  'after:beginCancelling',
  'before:releaseInventory',
  'after:releaseInventory',
  'before:refundPayment',
  'after:refundPayment',
  'after:finishCancelling',
];
const fulfilling = ['before:createFulfillmentOrder', 'after:createFulfillmentOrder'];

/** Each crash costs a start and the timeout after which the server gives the order to the next process. */
const timeout = 300_000;

describe('kill -9, again and again', () => {
  it.concurrent('while placing: one charge, one unit, and the order waits', { timeout }, async () => {
    const world = await startProcesses(placing[0]);
    try {
      const sku = await world.caller.addProduct({ capacity: 5 });
      const key = randomUUID();
      const order = { sku, key, email: 'crash@example.com' };
      const { body } = await throughCrashes(world, placing, () => world.caller.place(order));
      const after = await world.caller.untilStatus(body.orderId, 'awaiting_release');
      expect(after.reservation).toEqual({ status: 'reserved', quantity: 1 });
      expect(await world.sandbox.books(body.orderId)).toMatchObject([
        { charges: 1, chargedMinor: 49_900, refundedMinor: 0 },
      ]);
      expect(await ledgerOf(world, body.orderId)).toMatchObject({
        charged: 49_900,
        refunded: 0,
        balanced: true,
      });
    } finally {
      await world.stop();
    }
  });

  it.concurrent('while cancelling: one refund of everything, and the unit is free', { timeout }, async () => {
    const world = await startProcesses(cancelling[0]);
    try {
      const sku = await world.caller.addProduct({ capacity: 5 });
      const { body } = await world.caller.place({ sku });
      const key = randomUUID();
      await throughCrashes(world, cancelling, () =>
        world.caller.command(body.orderId, 'cancel', undefined, key),
      );
      const after: OrderView = await world.caller.untilStatus(body.orderId, 'cancelled');
      expect(after).toMatchObject({
        reservation: { status: 'released' },
        refund: { status: 'succeeded', amount: 49_900 },
      });
      const [book] = await world.sandbox.books(body.orderId);
      expect(book).toMatchObject({ charges: 1, refundedMinor: 49_900 });
      expect(book?.refunds).toHaveLength(1);
      expect(await ledgerOf(world, body.orderId)).toMatchObject({
        charged: 49_900,
        refunded: 49_900,
        balanced: true,
      });
    } finally {
      await world.stop();
    }
  });

  it.concurrent('while fulfillment starts: one shipment at the partner', { timeout }, async () => {
    const world = await startProcesses(fulfilling[0]);
    try {
      const sku = await world.caller.addProduct({ capacity: 5 });
      const { body } = await world.caller.place({ sku });
      const key = randomUUID();
      await throughCrashes(world, fulfilling, () =>
        world.caller.command(body.orderId, 'start-fulfillment', undefined, key),
      );
      await world.caller.untilStatus(body.orderId, 'awaiting_pickup');
      expect(await world.sandbox.shipments(body.orderId)).toMatchObject([{ status: 'accepted' }]);
    } finally {
      await world.stop();
    }
  });
});
