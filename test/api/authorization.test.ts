import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { access, grant, type Action, type Caller } from '../../src/api/access.js';
import type { ApiDeps } from '../../src/api/deps.js';
import { guardRoutes } from '../../src/api/door.js';
import { createWorld, type World } from '../support/world.js';
import { everyCaller, storedKey, type Credential } from './support/callers.js';
import { createHttp, type Http, type Sent } from './support/http.js';
import { routesOf } from './support/openapi.js';
import { orderBody } from './support/orders.js';
import { event } from './support/signed.js';

/** How to knock at a route, and what whoever is let in is answered. */
interface Door {
  action: Action;
  allowed: number;
  path?: string;
  body?: unknown;
  /** Sent by a form of our own page. */
  form?: boolean;
}

/** Every route of the app. A new one needs a line here, and an action of src/api/access.ts. */
const doors: Record<string, Door> = {
  'GET /': { action: 'browse', allowed: 200 },
  // Of /console/assets/; the router prints it so.
  'GET /*': { action: 'browse', allowed: 404, path: '/console/assets/nothing' },
  'GET /shop': { action: 'browse', allowed: 200 },
  'GET /shop/:sku': { action: 'browse', allowed: 200 },
  'GET /shop/assets/:name': { action: 'browse', allowed: 404, path: '/shop/assets/nothing' },
  'POST /shop/:sku': { action: 'place', allowed: 400, form: true },
  'GET /order/:id': { action: 'read', allowed: 200 },
  'GET /order/link': { action: 'browse', allowed: 200 },
  'POST /order/link': { action: 'ask-for-link', allowed: 200, form: true },
  'POST /order/:id/open': { action: 'open-order', allowed: 404, form: true },
  'GET /order/:id/cancel': { action: 'read', allowed: 200 },
  'POST /order/:id/cancel': { action: 'cancel', allowed: 200, form: true },
  'GET /order/:id/received': { action: 'read', allowed: 200 },
  'POST /order/:id/received': { action: 'confirm-delivery', allowed: 200, form: true },
  'GET /docs': { action: 'browse', allowed: 200 },
  'GET /docs/': { action: 'browse', allowed: 200 },
  'GET /docs/json': { action: 'browse', allowed: 200 },
  'GET /docs/yaml': { action: 'browse', allowed: 200 },
  'GET /docs/static/index.html': { action: 'browse', allowed: 302 },
  'GET /docs/static/swagger-initializer.js': { action: 'browse', allowed: 200 },
  'GET /docs/*': { action: 'browse', allowed: 404, path: '/docs/nothing' },
  'GET /docs/static/*': { action: 'browse', allowed: 404, path: '/docs/static/nothing' },
  'GET /openapi.json': { action: 'browse', allowed: 200 },
  'GET /health/live': { action: 'health', allowed: 200 },
  'GET /health/ready': { action: 'health', allowed: 200 },
  'GET /metrics': { action: 'metrics', allowed: 200 },
  'GET /api/products': { action: 'browse', allowed: 200 },
  'GET /api/products/:sku': { action: 'browse', allowed: 200 },
  'POST /api/products': { action: 'manage-products', allowed: 201, body: 'product' },
  'PATCH /api/products/:sku': { action: 'manage-products', allowed: 200, body: { open: true } },
  'POST /api/orders': { action: 'place', allowed: 201, body: 'order' },
  'GET /api/orders': { action: 'list', allowed: 200 },
  'GET /api/orders/:id': { action: 'read', allowed: 200 },
  'GET /api/orders/:id/compensation-log': { action: 'read', allowed: 200 },
  'POST /api/orders/:id/cancel': { action: 'cancel', allowed: 200 },
  'POST /api/orders/:id/start-fulfillment': { action: 'start-fulfillment', allowed: 409 },
  'POST /api/orders/:id/item-picked': { action: 'item-picked', allowed: 409 },
  'POST /api/orders/:id/confirm-delivery': { action: 'confirm-delivery', allowed: 409 },
  'POST /api/orders/:id/resolve': { action: 'resolve', allowed: 409, body: { action: 'retry' } },
  'POST /api/proposals/:id/approve': {
    action: 'approve',
    allowed: 404,
    path: '/api/proposals/pr_none/approve',
  },
  'POST /api/orders/:id/fast-forward': { action: 'fast-forward', allowed: 409, body: { by: '1s' } },
  'GET /api/orders/:id/audit': { action: 'audit', allowed: 200 },
  'GET /api/orders/:id/history': { action: 'history', allowed: 200 },
  'GET /api/orders/:id/notices': { action: 'history', allowed: 200 },
  'POST /api/orders/:id/send-link': { action: 'send-link', allowed: 200 },
  'POST /api/orders/:id/correct-email': { action: 'correct-email', allowed: 200, body: { email: 'a@b.de' } },
  'POST /api/orders/bulk': { action: 'bulk', allowed: 200, body: 'bulk' },
  'GET /api/products/figures': { action: 'list', allowed: 200 },
  'GET /api/needs-me': { action: 'list', allowed: 200 },
  'GET /api/events': { action: 'watch', allowed: 200 },
  'GET /api/session': { action: 'whoami', allowed: 200 },
  'POST /api/session': { action: 'sign-in', allowed: 200, body: 'key' },
  'DELETE /api/session': { action: 'sign-out', allowed: 204 },
  'GET /api/development/mail': { action: 'sandbox', allowed: 200 },
  'GET /api/development/mail/:id': { action: 'sandbox', allowed: 404 },
  'GET /api/development/mail/:id/html': { action: 'sandbox', allowed: 404 },
  'GET /api/development/faults': { action: 'sandbox', allowed: 200 },
  'POST /api/development/faults': {
    action: 'sandbox',
    allowed: 201,
    body: { target: 'mail', kind: 'delay', delayMs: 0, times: 1 },
  },
  'DELETE /api/development/faults': { action: 'sandbox', allowed: 204 },
  'DELETE /api/development/faults/:id': { action: 'sandbox', allowed: 404 },
  'POST /api/development/worker/kill': { action: 'sandbox', allowed: 409 },
  'GET /api/attention': { action: 'list', allowed: 200 },
  'GET /api/books': { action: 'list', allowed: 200 },
  'GET /api/reconciliation': { action: 'list', allowed: 200 },
  'POST /api/reconciliation/run': { action: 'reconcile', allowed: 200 },
  'POST /api/reconciliation/acknowledge': { action: 'reconcile', allowed: 404, body: { subject: 'pi_no' } },
  'GET /api/keys': { action: 'manage-keys', allowed: 200 },
  'POST /api/keys': { action: 'manage-keys', allowed: 201, body: { name: 'bob', role: 'operator' } },
  'POST /api/keys/:id/revoke': { action: 'manage-keys', allowed: 200, path: '/api/keys/KEY/revoke' },
  'POST /webhooks/payment': { action: 'webhook', allowed: 204, body: 'payment' },
  'POST /webhooks/delivery': { action: 'webhook', allowed: 204, body: 'delivery' },
  'GET /sign-in': { action: 'browse', allowed: 401 },
  'POST /api/sign-in-links': { action: 'sign-in-link', allowed: 201 },
  'POST /codec/decode': { action: 'decode', allowed: 200, body: { payloads: [] } },
  'POST /codec/encode': { action: 'decode', allowed: 200, body: { payloads: [] } },
};

let world: World;
let http: Http;
let sku: string;
let key: string;
let callers: Awaited<ReturnType<typeof everyCaller>>;
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
  key = (await storedKey(world, 'operator')).id;
  callers = await everyCaller(world, made.foreign.token);
});
afterAll(async () => {
  http.close();
  await world.close();
});

let n = 0;
/** Reads go to an open order, commands to one that has ended: whoever is let in changes nothing. */
async function knock(route: string, credential: Credential['headers']): Promise<Sent> {
  const [method = '', pattern = ''] = route.split(' ');
  const { path = pattern, body, form } = doors[route] as Door;
  const own = method === 'GET' ? made.mine : made.done;
  const product = { sku: `new-${++n}`, name: 'X', price: 1, currency: 'USD', capacity: 1 };
  const bodies: Record<string, unknown> = {
    product: { ...product, releaseDate: '2040-01-01T00:00:00Z' },
    order: orderBody(sku),
    key: { key: world.operatorKey },
    payment: event('payment').text,
    delivery: event('delivery').text,
    bulk: { command: 'cancel', orderIds: [made.done.id], preview: true },
  };
  const sent = typeof body === 'string' ? bodies[body] : body;
  const text = sent === undefined || typeof sent === 'string' ? sent : JSON.stringify(sent);
  return {
    method,
    path: path.replace(':sku', sku).replace(':id', own.id).replace('KEY', key),
    body: text,
    headers: {
      'idempotency-key': `a-key-of-its-own-${++n}`,
      ...(form ? { origin: world.url } : {}),
      ...(await credential(own.token, text ?? '')),
    },
    key: null,
  };
}

/** What the table says. Webhooks look at signatures only, and whoever only looks around is not asked for a key. */
function expected(route: string, who: Credential): number {
  const { action, allowed } = doors[route] as Door;
  if (action === 'browse' || action === 'health') return allowed;
  if (action === 'webhook') return who.atWebhooks ? allowed : 400;
  const isPage = / \/(shop|order)\//.test(route);
  const as = (isPage ? who.onPages : undefined) ?? who.as;
  if (as === 'refused') return 401;
  switch (grant(as === 'foreign' ? 'customer' : as, action)) {
    case 'yes':
      return allowed;
    case 'own':
      return as === 'foreign' ? 404 : allowed;
    case 'no':
      return as === 'anonymous' ? 401 : 403;
  }
}

describe('the table of access', () => {
  const routes = (): string[] =>
    routesOf(world.service.api?.printRoutes({ commonPrefix: false }) ?? '').filter(
      (route) => !route.startsWith('HEAD '),
    );

  it('has a line for every route of the app, and no other', () => {
    expect(routes().filter((route) => !(route in doors))).toEqual([]);
    expect(Object.keys(doors).filter((route) => !routes().includes(route))).toEqual(['GET /docs/static/*']);
  });

  it('lets nobody in by mistake', () => {
    const open = (caller: Caller, kind: string): string[] =>
      Object.keys(access).filter((action) => grant(caller, action as Action) === kind);
    const everybody = ['browse', 'health', 'place', 'open-order', 'ask-for-link', 'sign-in', 'sign-out'];
    expect(open('anonymous', 'yes')).toEqual(everybody);
    expect(open('customer', 'yes')).toEqual(everybody);
    expect(open('customer', 'own')).toEqual(['read', 'cancel', 'confirm-delivery']);
    expect(open('partner', 'yes')).toEqual(['health', 'webhook']);
    expect(open('operator', 'no')).toEqual(['approve', 'manage-keys', 'webhook']);
    expect(open('supervisor', 'no')).toEqual(['webhook']);
    for (const caller of ['anonymous', 'operator', 'supervisor', 'partner'] as const)
      expect(open(caller, 'own')).toEqual([]);
  });

  it.each(Object.keys(doors))('%s, for every kind of caller', async (route) => {
    for (const [name, who] of Object.entries(callers)) {
      const got = await http.send(await knock(route, who.headers));
      expect(got.status, `${name}: ${got.text}`).toBe(expected(route, who));
    }
  });

  it('holds for HEAD, too: each GET has one, behind the same door', async () => {
    for (const route of Object.keys(doors).filter((each) => each.startsWith('GET /api'))) {
      for (const name of ['anonymous', 'another customer', 'a supervisor', 'an operator by cookie']) {
        const who = callers[name] as Credential;
        const got = await http.send({ ...(await knock(route, who.headers)), method: 'HEAD' });
        expect(got.status, `${route}, ${name}`).toBe(expected(route, who));
      }
    }
  });

  it('a route without an action does not start', async () => {
    const app = Fastify();
    await guardRoutes(app, {} as ApiDeps);
    expect(() => app.get('/forgotten', async () => 'open')).toThrow('names no action');
    expect(() => app.get('/known', { config: { action: 'list' } }, async () => 'guarded')).not.toThrow();
  });
});

describe("another customer's order", () => {
  const others: [string, string][] = [
    ['GET', ''],
    ['GET', '/compensation-log'],
    ['POST', '/cancel'],
  ];
  const absent = 'po_0000000000000000zz';

  it.each(others)('cannot be told from one that does not exist: %s …%s', async (method, door) => {
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
      expect(await ask(made.mine.id.slice(0, 14))).toEqual(foreign);
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
