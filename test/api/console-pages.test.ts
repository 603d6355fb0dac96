import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../support/world.js';
import { createHttp, type Http } from './support/http.js';

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

const visit = (path: string, accept = 'text/html,application/xhtml+xml,*/*;q=0.8') =>
  http.send({ path, key: null, headers: { accept } });

describe('the console', () => {
  it.each(['/', '/orders', '/orders/po_000000000000000000', '/needs-me?x=1', '/no/such/page'])(
    'is one page, also at %s, which browsers ask for anew',
    async (path) => {
      const got = await visit(path);
      expect(got.status).toBe(200);
      expect(got.text).toContain('<div id="root">');
      expect(got.headers['cache-control']).toBe('no-store');
      const policy = String(got.headers['content-security-policy']);
      expect(policy).toContain("default-src 'self'");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      // Nothing in it that the policy would stop.
      expect(got.text).not.toMatch(/<style|style=|<script(?![^>]*src=)| on\w+=/);
    },
  );

  it('brings files whose names change with them, which browsers may keep', async () => {
    const page = await visit('/');
    const files = [...page.text.matchAll(/(?:src|href)="(\/console\/assets\/[^"]+)"/g)].map(
      ([, file]) => file ?? '',
    );
    expect(files.length).toBeGreaterThan(0);
    for (const path of files) {
      const got = await http.send({ path, key: null });
      expect(got.status).toBe(200);
      expect(got.headers['cache-control']).toContain('immutable');
    }
  });

  it.each([
    '/api/nowhere',
    '/order/x',
    '/shop/x',
    '/console/assets/nothing.js',
    '/docs/nothing',
    '/webhooks/x',
    '/codec',
  ])('leaves %s alone', async (path) => {
    const got = await visit(path);
    // The customer's page does not tell whether there is such an order: it asks for its code.
    expect(got.status).toBe(path === '/order/x' ? 401 : 404);
    expect(got.text).not.toContain('<div id="root">');
  });

  it('is not for whoever asks for something else than a page, or sends something', async () => {
    expect((await visit('/orders', 'application/json')).status).toBe(404);
    const sent = { method: 'POST', path: '/orders', key: null, headers: { accept: 'text/html' } };
    expect((await http.send(sent)).status).toBe(404);
  });
});
