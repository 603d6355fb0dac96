import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/cli.js';
import type { CommandAnswer, OrderView, PlacedOrder, ProductView } from '../../src/contract/api.js';
import { findingKinds } from '../../src/domain/reconciliation.js';

/** The command line in this process, beside an API that breaks off, is not one, or cannot confirm. */
let server: Server;
let answer: RequestListener;
let dataDir: string;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'preorder-cli-'));
  server = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(dataDir, { recursive: true });
});

async function cli(args: string[], look: { isTTY?: boolean; columns?: number } = {}) {
  const out = { stdout: '', stderr: '' };
  const into = (name: 'stdout' | 'stderr') =>
    new Writable({
      write: (chunk, _encoding, done) => {
        out[name] += String(chunk);
        done();
      },
    });
  const code = await runCli(args, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    operatorKey: 'pok_0123456789_0123456789',
    dataDir,
    cwd: dataDir,
    stdout: into('stdout'),
    stderr: into('stderr'),
    isTTY: false,
    columns: 80,
    color: false,
    version: '1.2.3',
    ...look,
  });
  return { code, ...out };
}

const reply =
  (status: number, body: unknown): RequestListener =>
  (request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };

const now = '2027-01-01T00:00:00.000Z';
const call = {
  reason: 'cancel_unanswered',
  text: 'The delivery partner has not answered the cancel request',
  since: now,
  dueAt: '2027-01-03T00:00:00.000Z',
  allowedActions: ['cancel', 'keep_shipping', 'wait'],
  defaultAction: 'wait',
} as const;
const order: OrderView = {
  orderId: 'po_01h2m3n4p5q6r7s8t9',
  workflowId: 'order-po_01h2m3n4p5q6r7s8t9',
  sku: 'a-rather-long-sku-of-a-limited-edition',
  productName: 'A console with a name that is much longer than a narrow terminal is wide',
  quantity: 2,
  amount: 129_800,
  currency: 'CHF',
  amountText: 'CHF 1,298.00',
  status: 'cancellation_requested',
  payment: { status: 'succeeded', gatewayId: 'pi_0123456789abcdef01234567', failureCode: null },
  reservation: { status: 'reserved', quantity: 2 },
  fulfillment: { status: 'cancellation_requested', attempt: 2, partnerId: 'shp_0123456789abcdef01234567' },
  shipment: { status: 'pre_transit', trackingCode: 'EZ0123456789', lastEventAt: now, reminders: 3 },
  refund: null,
  cancelReason: null,
  cancelRequestedAt: now,
  placedAt: now,
  updatedAt: now,
  releaseDate: '2027-02-28T12:00:00.000Z',
  deadline: '2027-03-07T12:00:00.000Z',
  now,
  timeLeftMs: 65.5 * 86_400_000,
  needsAttention: { ...call, allowedActions: [...call.allowedActions] },
  calls: [{ ...call, allowedActions: [...call.allowedActions] }],
  allowedActions: ['item-picked', 'cancel', 'resolve'],
};

describe('an API that fails', () => {
  it('7: something else answers there', async () => {
    answer = (_request, response) => response.writeHead(200).end('<html>');
    const run = await cli(['status', order.orderId]);
    expect(run.code).toBe(7);
    expect(run.stderr).toContain('not in JSON');
  });

  it('8: it breaks off while a command is under way; 7 when nothing was asked of it', async () => {
    answer = (request) => request.destroy();
    const cancel = await cli(['cancel', order.orderId]);
    expect(cancel.code).toBe(8);
    expect(cancel.stderr.replace(/\s+/g, ' ')).toMatch(/not known.*Repeat.*--idempotency-key \S{36}/);
    expect((await cli(['status', order.orderId])).code).toBe(7);
  });

  it('8: a command that is kept and not confirmed', async () => {
    const kept: CommandAnswer = { orderId: order.orderId, answer: 'not_confirmed', message: 'Kept.', order };
    answer = reply(202, kept);
    const run = await cli(['start-fulfillment', order.orderId]);
    expect(run.code).toBe(8);
    expect(run.stdout).toMatch(/^not_confirmed: Kept\./);
    const placed: PlacedOrder = { ...order, token: 'pot_x' };
    answer = reply(202, placed);
    const place = await cli(['place-order', '--product', 'x']);
    expect(place.code).toBe(8);
    expect(place.stderr).toContain(`watch ${order.orderId}`);
  });

  it('2: what the API finds wrong', async () => {
    answer = reply(400, {
      type: '/problems/x',
      status: 400,
      code: 'invalid_request',
      detail: 'country: bad',
    });
    const run = await cli(['place-order', '--product', 'x', '--country', 'Nowhere']);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('country: bad');
  });

  it('8: it has lost its database, and how to repeat the command', async () => {
    const detail = 'The database does not answer.';
    answer = reply(503, { type: '/problems/x', status: 503, code: 'database_unavailable', detail });
    const lost = await cli(['cancel', order.orderId]);
    expect(lost).toMatchObject({ code: 8 });
    expect(lost.stderr.replace(/\s+/g, ' ')).toMatch(/--idempotency-key [\w-]{36}: nothing is done twice/);
  });

  it('1: it is broken; never a stack trace', async () => {
    answer = reply(500, { type: '/problems/internal', status: 500, code: 'internal', detail: 'Failed.' });
    const run = await cli(['list']);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('Failed.');
    answer = reply(200, { orders: null });
    const odd = await cli(['list']);
    expect(odd.code).toBe(1);
    expect(odd.stderr).not.toMatch(/\n {4}at /);
  });

  it('goes on watching when the API is away for a moment', async () => {
    let asked = 0;
    answer = (request, response) => {
      asked++;
      if (asked === 2) request.destroy();
      else reply(200, asked < 3 ? order : { ...order, status: 'completed' })(request, response);
    };
    const run = await cli(['watch', order.orderId], { isTTY: true });
    expect(run.code).toBe(0);
    expect(run.stderr).toContain('trying again');
    expect(run.stdout).toContain('completed');
  });
});

describe('what was typed', () => {
  it.each([
    [['stats', '-'], 'Did you mean status?'],
    [['place-order', '--quantity', 'many'], 'whole number'],
    [['list', '--status', 'nonsense'], 'awaiting_release'],
    [['fast-forward', '-'], '--to release'],
    [['sandbox', 'fault', 'payment-gateway'], "argument 'kind'"],
    [['cancel', '-', 'now'], 'Too many arguments'],
    [['help', 'nothing'], 'exit-codes'],
    [['status', '-', '--bogus'], "Unknown option '--bogus'"],
    [['sandbox'], 'one of: fault, faults, clear'],
  ])('2: %j', async (args, text) => {
    const run = await cli(args);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr.replace(/\s+/g, ' ')).toContain(text);
    expect(run.stderr).not.toMatch(/\n {4}at /);
  });
});

describe('help', () => {
  it('explains itself on stdout', async () => {
    const help = await cli(['--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('start-fulfillment <id>');
    expect((await cli([])).stdout).toBe(help.stdout);
    expect((await cli(['help', 'exit-codes'])).stdout).toContain('declined');
    expect((await cli(['help', 'watch'])).stdout).toBe((await cli(['watch', '--help'])).stdout);
    expect((await cli(['--version'])).stdout).toBe('1.2.3\n');
  });
});

describe('a narrow terminal', () => {
  const product: ProductView = {
    sku: 'limited',
    name: order.productName,
    description: '',
    price: 64_900,
    currency: 'CHF',
    priceText: 'CHF 649.00',
    capacity: 1000,
    left: 10,
    releaseDate: now,
    shipsBy: now,
    open: true,
  };
  const finding = {
    kind: 'workflow_gone',
    text: findingKinds.workflow_gone,
    subject: order.orderId,
    orderId: order.orderId,
    detail: `awaiting_release; order-${order.orderId} is TERMINATED`,
    firstSeen: now,
    lastSeen: now,
    dueAt: now,
    acknowledgedBy: 'operator',
  };
  const answers: Record<string, unknown> = {
    '/api/orders': { orders: [order, { ...order, needsAttention: null }], next: null },
    [`/api/orders/${order.orderId}`]: order,
    '/api/products': { products: [product] },
    '/api/attention': {
      items: [{ ...order.needsAttention, orderId: order.orderId, status: order.status }],
      findings: [{ ...finding, acknowledgedBy: null }],
    },
    '/api/reconciliation': {
      run: { outcome: 'complete', startedAt: now, finishedAt: now, failed: [], looked: {} },
      findings: [finding],
    },
    '/api/books': {
      products: [
        {
          ...{
            sku: order.sku,
            currency: 'USD',
            orders: 1234,
            balanced: 1233,
            charged: 129_800_000,
            refunded: 2_000_000,
          },
          ...{ onTheWay: 1_000_000, disputed: 129_800, earned: 9_000_000, held: 99_000_000 },
        },
      ],
      counts: { orders: 1234, balanced: 1233, unbalanced: 1 },
      next: null,
      orders: [{ ...order, charged: 129_800, refunded: 0, earned: 0, reservation: 'held', balanced: false }],
      stock: [{ sku: order.sku, capacity: 1000, reserved: 2, sumOfRows: 3, balanced: false }],
    },
  };

  it.each([
    [['--help'], 0],
    [['help', 'exit-codes'], 0],
    [['help', 'json'], 0],
    [['status', order.orderId], 0],
    [['deadline', order.orderId], 0],
    [['list'], 0],
    [['products'], 0],
    [['attention'], 0],
    [['books'], 1],
    [['reconcile', '--last'], 1],
  ])('fits %j into 60 columns', async (args, code) => {
    answer = (request, response) => reply(200, answers[request.url?.split('?')[0] ?? ''])(request, response);
    const run = await cli(args, { isTTY: true, columns: 60 });
    expect(run.code).toBe(code);
    const tooLong = run.stdout.split('\n').filter((line) => line.length > 60);
    expect(tooLong).toEqual([]);
  });
});
