import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../support/world.js';
import { assertProblem, createHttp, type Got, type Http } from './support/http.js';
import { operationsOf, routesOf, type OpenApi } from './support/openapi.js';
import { orderBody } from './support/orders.js';

let world: World;
let http: Http;
beforeAll(async () => {
  world = await createWorld();
  http = createHttp(world.url, world.operatorKey);
});
afterAll(async () => {
  http.close();
  await world.close();
});

const openApi = async (): Promise<OpenApi> =>
  (await http.send({ path: '/openapi.json', key: null })).body as never;

describe('the description', () => {
  it('is OpenAPI 3.1 and names every route of the API, health and webhooks', async () => {
    const document = await openApi();
    expect(document.openapi).toMatch(/^3\.1\./);
    const documented = operationsOf(document).map(({ method, path }) => `${method} ${path}`);
    const real = routesOf(world.service.api?.printRoutes({ commonPrefix: false }) ?? '')
      .filter((route) => !route.startsWith('HEAD ') && /^\w+ \/(api|health|webhooks|codec)\//.test(route))
      .map((route) => route.replaceAll(/:(\w+)/g, '{$1}'));
    expect(real.length).toBeGreaterThan(15);
    expect(documented.sort()).toEqual(real.sort());
  });

  it('gives each operation a summary, a success and the problem every error is', async () => {
    const document = await openApi();
    for (const { method, path, responses } of operationsOf(document)) {
      expect(document.paths[path]?.[method.toLowerCase()]?.summary, `${method} ${path}`).toBeTruthy();
      expect(Object.keys(responses).some((status) => status.startsWith('2'))).toBe(true);
      expect(responses.default?.$ref, `${method} ${path}`).toBe('#/components/responses/Problem');
    }
    const problem = document.components.responses?.Problem?.content?.['application/problem+json']?.schema;
    expect(problem?.required?.sort()).toEqual(['code', 'detail', 'requestId', 'status', 'title', 'type']);
  });

  it('has no reference that leads nowhere', async () => {
    const document = await openApi();
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map((m) => m[1] ?? '');
    expect(refs.length).toBeGreaterThan(0);
    for (const ref of new Set(refs)) {
      const found = ref
        .split('/')
        .reduce<unknown>((at, part) => (at as Record<string, unknown>)?.[part], document);
      expect(found, ref).toBeDefined();
    }
  });

  it('can be read by people at /docs', async () => {
    const docs = await http.send({ path: '/docs', key: null });
    expect(docs).toMatchObject({ status: 200 });
    expect(docs.text).toContain('swagger-ui');
  });
});

describe('each route', () => {
  it('answers what the contract says, through a whole life', async () => {
    const sku = await world.addProduct();
    const ok = async (method: string, path: string, body?: unknown, status = 200): Promise<Got> => {
      const headers = { 'idempotency-key': `key-${Math.random()}` };
      const got = await http.send({ method, path, body, headers });
      expect(got.status, got.text).toBe(status);
      return got;
    };
    await ok('GET', '/api/products');
    await ok('GET', `/api/products/${sku}`);
    await ok('PATCH', `/api/products/${sku}`, { capacity: 500 });
    const { orderId: id } = (await ok('POST', '/api/orders', orderBody(sku), 201)).body;
    await ok('GET', `/api/orders/${id}`);
    await ok('GET', '/api/orders?limit=1');
    await ok('POST', `/api/orders/${id}/fast-forward`, { by: '1d' });
    await ok('POST', `/api/orders/${id}/start-fulfillment`, {});
    await world.untilStatus(id!, 'awaiting_pickup');
    await ok('POST', `/api/orders/${id}/item-picked`);
    await ok('POST', `/api/orders/${id}/cancel`, '');
    await ok('POST', `/api/orders/${id}/confirm-delivery`);
    await ok('GET', `/api/orders/${id}/compensation-log`);
    await ok('POST', `/api/orders/${id}/resolve`, { action: 'retry' }, 409);
    await ok('GET', '/api/attention');
    await ok('GET', '/api/books');
    await ok('GET', '/health/live');
    await ok('GET', '/health/ready');
  });
});

describe('headers', () => {
  it.each(['/api/products', '/api/nowhere', '/openapi.json', '/docs', '/health/live'])(
    'of %s',
    async (path) => {
      const { headers } = await http.send({ path, key: null });
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
      const policy = String(headers['content-security-policy']);
      const scripts = policy.split(';').filter((directive) => /^(script|default)-src/.test(directive));
      expect(scripts.length).toBeGreaterThan(0);
      expect(scripts.join()).not.toMatch(/unsafe-inline|unsafe-eval|\*|https?:/);
      expect(policy).toContain("frame-ancestors 'none'");
    },
  );

  it('name the request that a problem names, never one the caller chose', async () => {
    const got = await http.send({
      path: '/api/nowhere',
      headers: { 'x-request-id': 'mine', 'request-id': 'x' },
    });
    expect(got.status).toBe(404);
    expect(got.headers['x-request-id']).toBe(got.body.requestId);
    expect(got.text).not.toContain('mine');
  });
});

/** What comes back for bytes that no HTTP client would send. */
function raw(text: string): Promise<Got> {
  const { hostname, port } = new URL(world.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => {
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      const [status = '', ...lines] = head.split('\r\n');
      const headers = Object.fromEntries(
        lines.map((line) => [line.split(': ')[0]?.toLowerCase() ?? '', line.split(': ')[1]]),
      );
      resolve({ status: Number(status.split(' ')[1]), headers, text: body, body: {} });
    });
  });
}

describe('what is not HTTP', () => {
  it.each([
    ['no request at all', 'hello\r\n\r\n', 400],
    ['a header without a colon', 'GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n', 400],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx', 400],
    ['a method nobody knows', 'FROB / HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['40 KB of headers', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`, 431],
  ])('%s is refused with a problem', async (_name, text, status) => {
    const got = await raw(text);
    expect(got.status, got.text).toBe(status);
    assertProblem(got);
  });
});
