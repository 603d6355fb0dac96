import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  attentionListSchema,
  commandAnswerSchema,
  compensationLogSchema,
  orderListSchema,
  orderViewSchema,
  placedOrderSchema,
  problemSchema,
  productListSchema,
} from '../../src/contract/api.js';
import { booksSchema } from '../../src/contract/books.js';
import { createWorld, type World } from '../support/world.js';

interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

let world: World;
let dataDir: string;
let sku: string;

beforeAll(async () => {
  world = await createWorld();
  dataDir = mkdtempSync(join(tmpdir(), 'preorder-cli-'));
});
afterAll(async () => {
  await world.close();
  rmSync(dataDir, { recursive: true, force: true });
});
/** A product of its own for each test: its shipments can be told apart, and it can be sold out. */
beforeEach(async () => {
  sku = await world.addProduct();
});

/** The command line as a real process, as a script would call it. */
function cli(args: string[], env: Record<string, string> = {}): Promise<Run> {
  return new Promise((resolve) => {
    const own = {
      PATH: process.env.PATH,
      PREORDER_URL: world.url,
      PREORDER_OPERATOR_KEY: world.operatorKey,
      PREORDER_DATA_DIR: dataDir,
    };
    const options = { env: { ...own, ...env } };
    execFile(process.execPath, ['bin/preorder.js', ...args], options, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

async function json<T extends z.ZodType>(schema: T, ...args: string[]): Promise<z.output<T>> {
  const run = await cli([...args, '--json']);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  return schema.parse(JSON.parse(run.stdout));
}

const problemOf = (run: Run) => problemSchema.loose().parse(JSON.parse(run.stderr));

async function placed(...args: string[]): Promise<string> {
  return (await json(placedOrderSchema, 'place-order', '--product', sku, ...args)).orderId;
}

describe('the whole life, by hand', () => {
  it('goes from payment to doorstep with - for the last order', async () => {
    const place = await cli(['place-order', '--product', sku, '--quantity', '2']);
    expect(place.code).toBe(0);
    const id = /po_\w{18}/.exec(place.stdout)?.[0] ?? '';
    expect(place.stdout).toContain(`${id}  awaiting_release`);
    expect(place.stdout).toContain('$998.00 USD');
    expect(place.stdout).toMatch(/pot_\S+/);
    expect(place.stderr).toContain('Idempotency key');
    expect(place.stderr).toContain(`preorder start-fulfillment ${id}`);
    expect(place.stderr).toContain(`preorder cancel ${id}`);

    expect(await cli(['start-fulfillment', '-'])).toMatchObject({ code: 0 });
    await world.untilStatus(id, 'awaiting_pickup');
    const picked = await json(commandAnswerSchema, 'item-picked', '-');
    expect(picked).toMatchObject({ orderId: id, answer: 'accepted', order: { status: 'in_transit' } });
    const done = await cli(['confirm-delivery', '-']);
    expect(done.stdout).toContain(`${id}  completed`);
    expect(done.stderr).toBe('');
  });

  it('cancels, refunds, and shows what was undone', async () => {
    const id = await placed();
    const cancel = await json(commandAnswerSchema, 'cancel', id);
    expect(cancel.answer).toBe('accepted');
    await world.untilStatus(id, 'cancelled');
    const log = await json(compensationLogSchema, 'compensation-log', id);
    expect(log.entries.map((entry) => entry.undoes)).toEqual(['reserve-inventory', 'charge-payment']);
    const text = await cli(['compensation-log', '-']);
    expect(text.stdout).toContain('1. release-inventory, undoes reserve-inventory');
    const status = await cli(['status', id]);
    expect(status.stdout).toMatch(/Refund +succeeded \(paid out\), \$499\.00 USD/);
    expect(status.stdout).toMatch(/Cancelled +merchant/);
    expect(status.stderr).toContain(`preorder compensation-log ${id}`);
  });

  it('watches until the end', async () => {
    const id = await placed();
    const watching = cli(['watch', id]);
    const lines = cli(['watch', id, '--json']);
    await cli(['cancel', id]);
    const watched = await watching;
    expect(watched.code).toBe(0);
    expect(watched.stdout.trim().split('\n').at(-1)).toMatch(/UTC {2}cancelled {2}payment succeeded, /);
    const orders = (await lines).stdout
      .trim()
      .split('\n')
      .map((line) => orderViewSchema.parse(JSON.parse(line)));
    expect(orders.at(-1)?.status).toBe('cancelled');
  });
});

describe('reading', () => {
  it('prints one order as the API does', async () => {
    const id = await placed();
    const order = await json(orderViewSchema, 'status', id);
    const parts = ['payment', 'reservation', 'fulfillment', 'shipment', 'refund', 'cancelReason'];
    for (const name of ['workflowId', 'status', ...parts, 'releaseDate', 'amount', 'currency'])
      expect(order).toHaveProperty(name);
    expect(order).toMatchObject({ orderId: id, allowedActions: ['start-fulfillment', 'cancel'] });
    expect(await json(orderViewSchema, 'deadline', '-')).toMatchObject({ deadline: order.deadline });
  });

  it('keeps data on stdout and talk on stderr', async () => {
    const id = await placed();
    const status = await cli(['status', id]);
    expect(status.stdout).toContain(`${id}  awaiting_release`);
    expect(status.stdout).toMatch(/Deadline +\d{4}-\d\d-\d\d \d\d:\d\d UTC, 9\dd \d+h left/);
    expect(status.stdout).not.toContain('Next:');
    expect(status.stderr).toContain('Next:');
    expect(status.stdout + status.stderr).not.toMatch(/\u001b/);
    const deadline = await cli(['deadline', id]);
    expect(deadline.stdout).toContain('If fulfillment has not been started by then');
  });

  it('takes a unique beginning of an id, with and without po_', async () => {
    const id = await placed();
    for (const given of [id.slice(0, 19), id.slice(3, 19), id.toUpperCase()]) {
      expect((await json(orderViewSchema, 'status', given)).orderId).toBe(id);
    }
    await placed();
    const ambiguous = await cli(['status', id.slice(0, 7), '--json']);
    expect(ambiguous.code).toBe(2);
    expect(problemOf(ambiguous)).toMatchObject({ code: 'ambiguous_id', exitCode: 2 });
  });

  it('lists orders, products, what needs a person, and the books', async () => {
    const id = await placed('--quantity', '3');
    await placed();
    const list = await json(orderListSchema, 'list', '--product', sku, '--status', 'awaiting_release');
    expect(list.orders).toHaveLength(2);
    const page = await cli(['list', '--product', sku, '--open', '--limit', '1']);
    expect(page.stdout.split('\n')).toHaveLength(3);
    expect(page.stderr).toMatch(/preorder list --after [\w-]{20,}/);
    expect((await json(orderListSchema, 'list', '--needs-attention', '--product', sku)).orders).toEqual([]);
    const { products } = await json(productListSchema, 'products');
    expect(products.find((product) => product.sku === sku)?.left).toBe(996);
    expect((await cli(['products'])).stdout).toMatch(new RegExp(`${sku} .*996 of 1000`));
    const books = await json(booksSchema, 'books', '--product', sku);
    expect(books.orders.find((line) => line.orderId === id)).toMatchObject({
      charged: 149_700,
      balanced: true,
    });
    expect((await cli(['books', '--product', sku])).stdout).toMatch(new RegExp(`${id} .*yes`));
    expect((await json(booksSchema, 'books')).orders).toEqual([]);
    expect((await cli(['books'])).stdout).toContain('Everything balances');
    expect((await cli(['books', '--product', 'no-such-thing'])).code).toBe(3);
  });

  it('reads connection.json, and gives its key to its own url only', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'preorder-cli-'));
    const file = { url: world.url, operatorKey: world.operatorKey, sandboxUrl: world.sandbox.url };
    writeFileSync(join(dir, 'connection.json'), JSON.stringify(file));
    const env = { PREORDER_URL: '', PREORDER_OPERATOR_KEY: '', PREORDER_DATA_DIR: dir };
    expect((await cli(['list'], env)).code).toBe(0);
    const elsewhere = await cli(['list', '--url', world.url.replace('127.0.0.1', 'localhost')], env);
    expect(elsewhere.code).toBe(1);
    expect(elsewhere.stderr).toContain('PREORDER_OPERATOR_KEY');
    rmSync(dir, { recursive: true });
  });
});

describe('refusals', () => {
  it('3: an order that is not there, or no last order', async () => {
    const unknown = await cli(['status', 'po_000000000000000000']);
    expect(unknown).toMatchObject({ code: 3, stdout: '' });
    expect(unknown.stderr).toContain('was not found');
    const dir = mkdtempSync(join(tmpdir(), 'preorder-cli-'));
    expect((await cli(['status', '-'], { PREORDER_DATA_DIR: dir })).code).toBe(3);
    rmSync(dir, { recursive: true });
  });

  it('4: a command in the wrong state, with the reason', async () => {
    const id = await placed();
    const early = await cli(['confirm-delivery', id]);
    expect(early).toMatchObject({ code: 4, stdout: '' });
    expect(early.stderr.replace(/\s+/g, ' ')).toContain('only after the item was picked up');
    const problem = await cli(['item-picked', id, '--json']);
    expect(problem).toMatchObject({ code: 4, stdout: '' });
    expect(problemOf(problem)).toMatchObject({ status: 409, code: 'not_allowed', orderId: id, exitCode: 4 });
    expect((await cli(['resolve', id, '--action', 'rebook'])).code).toBe(4);
  });

  it('4: a cancel that is rejected is an answer all the same', async () => {
    const id = await placed();
    await world.command(id, 'start-fulfillment');
    await world.untilStatus(id, 'awaiting_pickup');
    await world.command(id, 'item-picked');
    const cancel = await cli(['cancel', id, '--json']);
    expect(cancel).toMatchObject({ code: 4, stderr: '' });
    expect(commandAnswerSchema.parse(JSON.parse(cancel.stdout)).answer).toBe('rejected');
    expect((await cli(['cancel', id])).stdout).toMatch(/^rejected: The item is on its way/);
  });

  it('5: a declined payment, and 6: sold out', async () => {
    const place = ['place-order', '--product', sku];
    const declined = await cli([...place, '--payment-method', 'pm_card_chargeDeclined']);
    expect(declined).toMatchObject({ code: 5, stdout: '' });
    expect(declined.stderr).toContain('Nothing');
    sku = await world.addProduct({ capacity: 1 });
    const soldOut = await cli(['place-order', '--product', sku, '--quantity', '2', '--json']);
    expect(soldOut.code).toBe(6);
    expect(problemOf(soldOut)).toMatchObject({
      code: 'sold_out',
      idempotencyKey: expect.any(String) as string,
    });
  });

  it('places one order for one idempotency key', async () => {
    const key = ['--idempotency-key', randomUUID(), '--email', 'one@example.com'];
    expect(await placed(...key)).toBe(await placed(...key));
    const reused = await cli(['place-order', '--product', sku, '--quantity', '2', ...key]);
    expect(reused.code).toBe(2);
  });

  it('1: no key, 7: nobody there', async () => {
    const noKey = await cli(['list'], { PREORDER_OPERATOR_KEY: '' });
    expect(noKey.code).toBe(1);
    expect(noKey.stderr).toContain('npm start');
    const nobody = await cli(['status', 'po_000000000000000000', '--url', 'http://127.0.0.1:9']);
    expect(nobody).toMatchObject({ code: 7, stdout: '' });
    expect(nobody.stderr).toContain('npm start');
  });

  it('2: missing arguments, with the usage', async () => {
    const run = await cli(['status']);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('preorder status [options] <id>');
  });
});

describe('development', () => {
  it('moves time, and the deadline cancels', async () => {
    const id = await placed();
    const released = await json(orderViewSchema, 'fast-forward', id, '--to', 'release');
    expect(released.now >= released.releaseDate).toBe(true);
    expect((await cli(['fast-forward', id, '--to', 'deadline'])).code).toBe(0);
    expect(await world.untilStatus(id, 'cancelled')).toMatchObject({ cancelReason: 'deadline' });
    expect((await cli(['fast-forward', id, '--to', 'release'])).code).toBe(4);
  });

  it('plays the partners, and resolves what then needs a person', async () => {
    const file = { url: world.url, operatorKey: world.operatorKey, sandboxUrl: world.sandbox.url };
    writeFileSync(join(dataDir, 'connection.json'), JSON.stringify(file));
    const id = await placed();
    expect((await cli(['sandbox', 'scan', id, 'in_transit'])).code).toBe(4);
    expect((await cli(['sandbox', 'modes', '--acceptance', 'silent', '--match', id])).code).toBe(0);
    expect((await cli(['sandbox', 'fault', 'mail', 'error_500', '--match', id, '--times', '1'])).code).toBe(
      0,
    );
    expect((await cli(['sandbox', 'faults'])).stdout).toMatch(/mail +error_500/);
    expect((await cli(['start-fulfillment', id])).code).toBe(0);
    await world.until(id, (order) => order.fulfillment?.partnerId != null);
    expect((await cli(['sandbox', 'answer', id, 'rejected'])).code).toBe(0);
    await world.until(id, (order) => order.needsAttention !== null);
    const { items } = await json(attentionListSchema, 'attention');
    expect(items.map((item) => item.orderId)).toContain(id);
    expect((await cli(['status', id])).stdout).toContain('! The delivery partner rejected the booking.');
    expect((await cli(['sandbox', 'clear'])).code).toBe(0);
    expect((await json(commandAnswerSchema, 'resolve', id, '--action', 'rebook')).answer).toBe('accepted');
    await world.untilStatus(id, 'awaiting_pickup');
    for (const scan of ['in_transit', 'delivered']) await cli(['sandbox', 'scan', '-', scan]);
    await world.untilStatus(id, 'completed');
    expect((await cli(['sandbox', 'mail', '-'])).code).toBe(0);
    expect((await cli(['sandbox', 'refund', '-', 'failed'])).code).toBe(4);
  });
});
