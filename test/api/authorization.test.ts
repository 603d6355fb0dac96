import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../support/world.js';
import { createHttp, type Http, type Sent } from './support/http.js';
import { routesOf } from './support/openapi.js';
import { orderBody } from './support/orders.js';

const callers = ['anonymous', 'wrong key', 'own token', 'foreign token', 'operator'] as const;
type Caller = (typeof callers)[number];
type Row = [request: Omit<Sent, 'key'>, ...expected: number[]];

/** What nobody guards: it is for all, or checks a signature instead of a key. */
const open: Record<string, number> = {
  'GET /': 302,
  'GET /docs': 200,
  'GET /docs/': 200,
  'GET /docs/json': 200,
  'GET /docs/yaml': 200,
  'GET /docs/static/index.html': 302,
  'GET /docs/static/swagger-initializer.js': 200,
  'GET /docs/*': 404,
  'GET /docs/static/*': 404,
  'GET /openapi.json': 200,
  'GET /health/live': 200,
  'GET /health/ready': 200,
  'GET /api/products': 200,
  'GET /api/products/:sku': 200,
  'POST /webhooks/payment': 400,
  'POST /webhooks/delivery': 400,
};

const key = { 'idempotency-key': 'a-key-for-this' };
/** RELIABILITY section 4, for the routes that exist: anonymous, wrong key, own token, foreign token, operator. */
const guarded: Record<string, Row> = {
  'POST /api/products': [{ path: '/api/products', body: 'product' }, 401, 401, 403, 403, 201],
  'PATCH /api/products/:sku': [{ path: '/api/products/SKU', body: { open: true } }, 401, 401, 403, 403, 200],
  'POST /api/orders': [{ path: '/api/orders', body: 'order' }, 201, 401, 201, 201, 201],
  'GET /api/orders': [{ path: '/api/orders' }, 401, 401, 403, 403, 200],
  'GET /api/orders/:id': [{ path: '/api/orders/ID' }, 401, 401, 200, 404, 200],
  'GET /api/orders/:id/compensation-log': [
    { path: '/api/orders/ID/compensation-log' },
    401,
    401,
    200,
    404,
    200,
  ],
  'POST /api/orders/:id/start-fulfillment': [
    { path: '/api/orders/DONE/start-fulfillment', headers: key },
    ...[401, 401, 403, 403, 409],
  ],
  'POST /api/orders/:id/item-picked': [{ path: '/api/orders/DONE/item-picked' }, 401, 401, 403, 403, 409],
  'POST /api/orders/:id/confirm-delivery': [
    { path: '/api/orders/DONE/confirm-delivery' },
    401,
    401,
    403,
    403,
    409,
  ],
  'POST /api/orders/:id/cancel': [{ path: '/api/orders/DONE/cancel' }, 401, 401, 200, 404, 200],
  'POST /api/orders/:id/resolve': [
    { path: '/api/orders/DONE/resolve', body: { action: 'retry' } },
    ...[401, 401, 403, 403, 409],
  ],
  'POST /api/orders/:id/fast-forward': [
    { path: '/api/orders/DONE/fast-forward', body: { by: '1s' } },
    ...[401, 401, 403, 403, 409],
  ],
  'GET /api/attention': [{ path: '/api/attention' }, 401, 401, 403, 403, 200],
  'GET /api/books': [{ path: '/api/books' }, 401, 401, 403, 403, 200],
  'GET /api/reconciliation': [{ path: '/api/reconciliation' }, 401, 401, 403, 403, 200],
  'POST /api/reconciliation/run': [{ path: '/api/reconciliation/run' }, 401, 401, 403, 403, 200],
};

let world: World;
let http: Http;
let sku: string;
const made: Record<'mine' | 'done' | 'foreign', { id: string; token: string }> = {} as never;

/** An order of somebody's own; its email makes it another customer's. */
async function placed(): Promise<{ id: string; token: string }> {
  const reply = await world.place({ sku });
  return { id: reply.body.orderId, token: reply.body.token };
}

beforeAll(async () => {
  world = await createWorld();
  http = createHttp(world.url, world.operatorKey);
  sku = await world.addProduct();
  made.mine = await placed();
  made.foreign = await placed();
  const declined = await world.place({ sku, paymentMethod: 'pm_card_chargeDeclined' });
  expect(declined.status).toBe(402);
  made.done = await placed();
  await world.command(made.done.id, 'cancel');
  await world.untilStatus(made.done.id, 'cancelled');
});
afterAll(async () => {
  http.close();
  await world.close();
});

function keyOf(caller: Caller, own: string): string | null {
  switch (caller) {
    case 'anonymous':
      return null;
    case 'wrong key':
      return 'pok_wrong_operator_key_0123456789';
    case 'own token':
      return own;
    case 'foreign token':
      return made.foreign.token;
    case 'operator':
      return world.operatorKey;
  }
}

let n = 0;
function requestOf(route: string, caller: Caller): Sent {
  const [sent] = guarded[route] ?? [{ path: '' }];
  const own = sent.path.includes('DONE') ? made.done : made.mine;
  const path = sent.path.replace('SKU', sku).replace(/ID|DONE/, own.id);
  const product = { sku: `new-${++n}`, name: 'X', price: 1, currency: 'USD', capacity: 1 };
  const bodies: Record<string, unknown> = {
    product: { ...product, releaseDate: '2040-01-01T00:00:00Z' },
    order: orderBody(sku),
  };
  const body = typeof sent.body === 'string' ? bodies[sent.body] : sent.body;
  const headers = { 'idempotency-key': `${route.length}-${caller.replace(' ', '-')}-${++n}` };
  return { ...sent, method: route.split(' ')[0] ?? '', path, body, headers, key: keyOf(caller, own.token) };
}

describe('the table of edges', () => {
  it('has a line for every route of the app, and no other', () => {
    const routes = routesOf(world.service.api?.printRoutes({ commonPrefix: false }) ?? '');
    const real = routes.filter((route) => !route.startsWith('HEAD '));
    // Each GET has its HEAD, guarded by the same handler.
    expect(routes.filter((route) => route.startsWith('HEAD ')).length).toBe(
      real.filter((route) => route.startsWith('GET ')).length,
    );
    const known = new Set([...Object.keys(open), ...Object.keys(guarded)]);
    expect(real.filter((route) => !known.has(route))).toEqual([]);
    expect([...known].filter((route) => !real.includes(route) && route !== 'GET /docs/static/*')).toEqual([]);
  });

  it.each(Object.keys(guarded).flatMap((route) => callers.map((caller) => [route, caller] as const)))(
    '%s by %s',
    async (route, caller) => {
      const got = await http.send(requestOf(route, caller));
      const [, ...expected] = guarded[route] ?? [];
      expect(got.status, got.text).toBe(expected[callers.indexOf(caller)]);
    },
  );

  it.each(Object.keys(open).filter((route) => !route.includes('*')))('%s by anyone', async (route) => {
    const [method = '', path = ''] = route.replace(':sku', sku).split(' ');
    for (const caller of callers) {
      const got = await http.send({ method, path, key: keyOf(caller, made.mine.token) });
      expect(got.status, `${caller}: ${got.text}`).toBe(open[route]);
    }
  });

  it.each(['/api/orders', '/api/books', '/api/attention', '/api/orders/ID'])('HEAD %s too', async (path) => {
    const asked = { method: 'HEAD', path: path.replace('ID', made.mine.id) };
    expect((await http.send({ ...asked, key: null })).status).toBe(401);
    expect((await http.send(asked)).status).toBe(200);
  });
});

describe("another customer's order", () => {
  const doors: [string, string][] = [
    ['GET', ''],
    ['GET', '/compensation-log'],
    ['POST', '/cancel'],
  ];
  const absent = 'po_0000000000000000zz';

  it.each(doors)('cannot be told from one that does not exist: %s …%s', async (method, door) => {
    for (const token of [made.mine.token, 'pot_this-is-no-token-of-any-order-at-all']) {
      const ask = async (id: string): Promise<unknown> => {
        const got = await http.send({ method, path: `/api/orders/${id}${door}`, key: token });
        const { requestId: _, ...rest } = got.body;
        const { date: _date, 'x-request-id': _id, ...headers } = got.headers;
        return { status: got.status, rest, headers };
      };
      const foreign = await ask(made.foreign.id);
      expect(foreign).toMatchObject({ status: 404 });
      expect(foreign).toEqual(await ask(absent));
      // Beginnings of ids are for operators: for a customer they find nothing, not even their own order.
      expect(await ask(made.foreign.id.slice(0, 14))).toEqual(foreign);
    }
  });

  it('is left as it was', async () => {
    expect((await world.order(made.foreign.id)).status).toBe('awaiting_release');
  });
});

describe('keys', () => {
  it.each([
    ['an empty one', ''],
    ['another scheme', 'Basic b3BlcmF0b3I6eA=='],
    ['the operator key without a scheme', 'pok_test_operator_key_0123456789'],
    ['the operator key and more', 'Bearer pok_test_operator_key_0123456789x'],
    ['the operator key and less', 'Bearer pok_test_operator_key_012345678'],
    ['two keys', 'Bearer pok_test_operator_key_0123456789, Bearer x'],
    ['a very long one', `Bearer ${'x'.repeat(8000)}`],
    ['nothing after the scheme', 'Bearer '],
    ['lower case', 'bearer pok_test_operator_key_0123456789'],
  ])('%s is refused and not ignored', async (_name, authorization) => {
    const got = await http.send({ path: '/api/books', key: null, headers: { authorization } });
    expect(got.status).toBe(401);
    expect(got.text).not.toContain('pok_');
  });

  it('of orders are kept as hashes only', async () => {
    const rows = await world.database.db.selectFrom('orders').selectAll().execute();
    const text = JSON.stringify(rows);
    for (const { id, token } of Object.values(made)) {
      expect(token).toMatch(/^pot_[\w-]{32}$/);
      expect(text).not.toContain(token.slice(4));
      expect(rows.find((row) => row.id === id)?.token_hash).toMatch(/^[0-9a-f]{64}$/);
    }
    expect(new Set(rows.map((row) => row.token_hash)).size).toBe(rows.length);
  });
});
