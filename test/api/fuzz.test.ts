import fc from 'fast-check';
import { randomInt, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { called, startedWith } from '../support/flows.js';
import { createWorld, type World } from '../support/world.js';
import { requests, spoiled, valid, type Pool } from './support/arbitraries.js';
import { storedKey } from './support/callers.js';
import { createHttp, type Got, type Http, type Sent } from './support/http.js';
import { operationsOf, type OpenApi, type Operation } from './support/openapi.js';

/** FUZZ_SEED repeats a run, FUZZ_RUNS=500 makes it longer. */
const seed = Number(process.env.FUZZ_SEED ?? randomInt(2 ** 31));
const runs = Number(process.env.FUZZ_RUNS ?? 10);

let world: World;
let http: Http;
let operations: Operation[];
let pool: Pool;
beforeAll(async () => {
  process.stdout.write(`  fuzz seed ${seed}\n`);
  world = await createWorld();
  // Nobody may do more.
  http = createHttp(world.url, world.supervisorKey);
  operations = operationsOf((await http.send({ path: '/openapi.json' })).body as unknown as OpenApi);
  const popular = await world.addProduct();
  const skus = [popular, popular, await world.addProduct({ capacity: 1 }), 'no-such-product'];
  const orders = await Promise.all(Array.from({ length: 8 }, () => world.place({ sku: popular })));
  const ids = [...orders.map((reply) => reply.body.orderId), 'po_000000000000000000', 'po_0'];
  const keys = [(await storedKey(world, 'operator')).id, 'k_0'];
  const proposals = [await proposal(), 'pr_0'];
  pool = {
    id: fc.constantFrom(...ids),
    quantity: fc.constantFrom(1, 1, 1, 2, 11),
    paymentMethod: fc.constantFrom(
      'pm_card_visa',
      'pm_card_visa',
      'pm_card_visa',
      'pm_card_chargeDeclined',
      'pm_unknown',
    ),
    currency: fc.constantFrom('USD', 'USD', 'JPY', 'KWD', 'ZZZ'),
    country: fc.constantFrom('US', 'ZZ'),
    key: fc.constantFrom(world.operatorKey, world.supervisorKey, 'a key that nobody has'),
    orderIds: fc.uniqueArray(fc.constantFrom(...ids), { minLength: 1 }),
    preview: fc.constantFrom(true, true, false),
    after: fc.constantFrom(
      Buffer.from(`1900000000000 ${ids[0]}`).toString('base64url'),
      Buffer.from('no cursor').toString('base64url'),
    ),
    action: fc.constantFrom('retry', 'cancel', 'wait', 'settle_outside', 'toString'),
  };
  const known = fc.constantFrom(...skus);
  const fresh = fc.integer({ min: 0, max: 1e9 }).map((n) => `fuzz-${n}`);
  // A new product needs a new SKU, everything else one that is there.
  poolOf = ({ method, path }) => ({
    ...pool,
    sku: method === 'POST' && path === '/api/products' ? fresh : known,
    id: fc.constantFrom(
      ...(path.startsWith('/api/keys') ? keys : path.startsWith('/api/prop') ? proposals : ids),
    ),
  });
});
/** Of an operator, for a supervisor. */
async function proposal(): Promise<string> {
  const id = await startedWith(world, { acceptance: 'reject' }, { quantity: 2 });
  await called(world, id, 'partner_rejected');
  return (await world.resolve(id, 'cancel')).body.proposalId ?? '';
}
let poolOf: (operation: Operation) => Pool;
afterAll(async () => {
  http.close();
  await world.close();
});

const check = (property: fc.IAsyncProperty<unknown>, numRuns = runs): Promise<void> =>
  fc.assert(property as fc.IAsyncProperty<unknown[]>, { seed, numRuns, endOnFailure: false });

/** Which statuses each route gave: a fuzz that never gets past the door has tested the door. */
const seen = new Map<string, Set<number>>();

/** 2xx, 3xx where a page moved, 4xx; 503 where it is documented. Whatever is refused is a problem (see `http`). */
function assertNoBug(got: Got, operation: Operation): void {
  const name = `${operation.method} ${operation.path}`;
  seen.set(name, (seen.get(name) ?? new Set()).add(Math.floor(got.status / 100)));
  const documented = got.status === 503 && operation.responses['503'] !== undefined;
  if (!documented) expect(got.status, got.text).toBeLessThan(500);
}

const headersFor = (extra: Record<string, string> = {}): Sent['headers'] => ({
  'idempotency-key': randomUUID(),
  ...extra,
});

const forOrder = (verb: string): string => `POST /api/orders/{id}/${verb}`;
/** In an order in which each has a chance: nothing can be started that was cancelled, or placed that was closed. */
const documented = [
  ...['GET /api/products', 'POST /api/products', 'GET /api/products/{sku}'],
  ...['GET /api/orders', 'POST /api/orders', 'GET /api/orders/{id}', 'GET /api/orders/{id}/compensation-log'],
  ...['start-fulfillment', 'item-picked', 'fast-forward', 'confirm-delivery', 'resolve', 'cancel'].map(
    forOrder,
  ),
  ...['send-link', 'correct-email'].map(forOrder),
  ...[
    'PATCH /api/products/{sku}',
    'GET /api/orders/{id}/history',
    'GET /api/orders/{id}/notices',
    'POST /api/orders/bulk',
    'GET /api/products/figures',
    'GET /api/needs-me',
    'GET /api/events',
    ...['GET', 'POST', 'DELETE'].map((method) => `${method} /api/session`),
    ...['', '/{id}', '/{id}/html'].map((of) => `GET /api/development/mail${of}`),
    ...['GET', 'POST', 'DELETE'].map((method) => `${method} /api/development/faults`),
    'DELETE /api/development/faults/{id}',
    'POST /api/development/worker/kill',
    'GET /api/attention',
    'GET /api/books',
    'GET /api/orders/{id}/audit',
    'POST /api/proposals/{id}/approve',
    'GET /api/keys',
    'POST /api/keys',
    'POST /api/keys/{id}/revoke',
    'GET /api/reconciliation',
    'POST /api/reconciliation/run',
    'POST /api/reconciliation/acknowledge',
    ...['GET /health/live', 'GET /health/ready'],
  ],
  ...['POST /api/sign-in-links', 'POST /codec/decode', 'POST /codec/encode'],
  ...['POST /webhooks/payment', 'POST /webhooks/delivery'],
];

it('every documented route is fuzzed here', () => {
  expect(operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([...documented].sort());
});

const operationOf = (name: string): Operation =>
  operations.find(({ method, path }) => `${method} ${path}` === name)!;

describe.each(documented)('%s', (name) => {
  it('takes what its schema allows, or says why not', async () => {
    const operation = operationOf(name);
    const property = fc.asyncProperty(requests(operation, poolOf(operation), 'valid'), async (shape) => {
      assertNoBug(await http.send({ method: operation.method, ...shape, headers: headersFor() }), operation);
    });
    // Without a field to fill each request is the same.
    const asksNothing =
      !operation.body && operation.parameters.every((parameter) => parameter.in === 'header');
    await check(property, asksNothing ? 2 : 25);
  });

  it('refuses what is broken, as a problem', async () => {
    const operation = operationOf(name);
    const property = fc.asyncProperty(requests(operation, poolOf(operation), 'broken'), async (shape) => {
      assertNoBug(await http.send({ method: operation.method, ...shape, headers: headersFor() }), operation);
    });
    await check(property);
  });

  it('takes or refuses each oddity in each field', async () => {
    const operation = operationOf(name);
    const path = operation.path.replace('{id}', 'po_000000000000000000').replace('{sku}', 'no-such-product');
    const schema = operation.body ?? { type: 'null' };
    const send = (body: unknown): Promise<Got> =>
      http.send({ method: operation.method, path, body, headers: headersFor() });
    // Only what is taken as it is shows what one oddity does; the largest have every field that may be left out.
    const wholes: unknown[] = [];
    const samples = fc.sample(valid(schema, poolOf(operation), '', true), { seed, numRuns: 200 });
    const largest = samples.sort((a, b) => JSON.stringify(b).length - JSON.stringify(a).length);
    const enough = 'anyOf' in schema || 'oneOf' in schema ? 2 : 1;
    for (const sample of operation.body ? largest : [null]) {
      if (wholes.length < enough && ![400, 402].includes((await send(sample)).status)) wholes.push(sample);
    }
    for (const whole of wholes) {
      const bodies = [...spoiled(whole)];
      while (bodies.length > 0) {
        const sent = bodies.splice(0, 16).map(send);
        for (const got of await Promise.all(sent)) assertNoBug(got, operation);
      }
    }
  });

  it('survives odd headers', async () => {
    const operation = operationOf(name);
    const types = [
      ...[
        'application/json',
        'application/json; charset=utf-16',
        'APPLICATION/JSON',
        'application/json;',
        ' ',
      ],
      ...[
        'text/plain',
        'application/vnd.api+json',
        'multipart/form-data; boundary=',
        'a/b/c',
        'x'.repeat(5000),
      ],
    ];
    const keys = ['', 'short', 'k'.repeat(128), 'k'.repeat(9000), 'with space', 'é', '__proto__', '12345678'];
    const tokens = [
      '',
      'Bearer ',
      'Bearer pot_x',
      'Basic eDp5',
      `Bearer ${'x'.repeat(9000)}`,
      'Bearer \u00e9é',
    ];
    const odd = fc.record(
      {
        'content-type': fc.constantFrom(...types),
        'idempotency-key': fc.constantFrom(...keys),
        authorization: fc.constantFrom(...tokens),
        accept: fc.constantFrom('text/html', 'application/xml', '*/*;q=0', ''),
        'accept-encoding': fc.constantFrom('gzip', 'nonsense', ''),
        origin: fc.constantFrom('https://evil.example', 'null'),
        'x-http-method-override': fc.constantFrom('DELETE'),
        'x-forwarded-for': fc.constantFrom('127.0.0.1, 10.0.0.1', '\'"<>'),
        host: fc.constantFrom('evil.example', ''),
        cookie: fc.constantFrom('__proto__=1', '=;=;'),
      },
      { requiredKeys: [] },
    );
    const property = fc.asyncProperty(
      requests(operation, poolOf(operation), 'valid'),
      odd,
      async (shape, headers) => {
        assertNoBug(
          await http.send({ method: operation.method, ...shape, headers: headersFor(headers) }),
          operation,
        );
      },
    );
    await check(property, 30);
  });

  it('under another method or a longer path is not found', async () => {
    const operation = operationOf(name);
    const path = operation.path.replaceAll(/\{\w+\}/g, 'po_000000000000000000');
    const asPattern = (other: string): RegExp => new RegExp(`^${other.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
    const own = operations.filter((o) => asPattern(o.path).test(path)).map(({ method }) => method);
    const others = 'GET POST PUT PATCH DELETE OPTIONS TRACE PROPFIND PURGE MKCOL'.split(' ');
    for (const method of others.filter((other) => !own.includes(other))) {
      expect((await http.send({ method, path })).status, method).toBe(404);
    }
    for (const longer of [
      `${path}/x`,
      `${path}//`,
      `/${path}`,
      `${path}%2f`,
      path.toUpperCase(),
      `${path};x`,
    ]) {
      const { status } = await http.send({ method: operation.method, path: longer, headers: headersFor() });
      expect([400, 404], longer).toContain(status);
    }
  });
});

describe('after all that', () => {
  it('every route was seen to work, and to refuse where it can', () => {
    const webhook = (name: string): boolean => name.includes('/webhooks/');
    // Nothing is asked of them, and who asks is a supervisor.
    const reads = ['needs-me', 'products/figures', 'events', 'session', 'development/faults', 'products'];
    const free = [
      ...['GET /health/live', 'GET /health/ready', ...reads.map((path) => `GET /api/${path}`)],
      ...['DELETE /api/session', 'DELETE /api/development/faults'],
    ];
    // Without another command before them these are never allowed, whatever is sent; see commands.test.ts.
    const late = ['item-picked', 'confirm-delivery', 'resolve'].map(
      (verb) => `POST /api/orders/{id}/${verb}`,
    );
    // Ids of mails and faults are not known beforehand; see sandbox.test.ts.
    late.push(...['GET /api/development/mail/{id}', 'GET /api/development/mail/{id}/html']);
    late.push('DELETE /api/development/faults/{id}');
    // Nobody would start this process again; most choices of orders are refused, see bulk.test.ts.
    late.push('POST /api/development/worker/kill', 'POST /api/orders/bulk');
    // Nothing here is of no order; see metrics.test.ts.
    late.push('POST /api/reconciliation/acknowledge');
    const working = documented.filter((name) => !webhook(name) && !late.includes(name));
    expect(working.filter((name) => !seen.get(name)?.has(2))).toEqual([]);
    expect(documented.filter((name) => !free.includes(name) && !seen.get(name)?.has(4))).toEqual([]);
  });

  it('every list still answers, and the books balance', async () => {
    for (const path of ['/api/products', '/api/orders?limit=200', '/api/attention', '/health/ready']) {
      expect((await http.send({ path })).status, path).toBe(200);
    }
    const books = await http.send({ path: '/api/books' });
    const { stock } = books.body as unknown as { stock: { balanced: boolean; sku: string }[] };
    expect(stock.filter((row) => !row.balanced)).toEqual([]);
  });

  it('no prototype was touched', () => {
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});
