import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placed } from '../support/flows.js';
import { createWorld, type World } from '../support/world.js';
import { storedKey } from './support/callers.js';
import { createHttp, type Got, type Http } from './support/http.js';
import { operatorKey, secondApi, tokenSecret, type SecondApi } from './support/second-api.js';

let world: World;
let http: Http;
/** Another process of the same API. */
let second: SecondApi;
let clock = 0;
beforeAll(async () => {
  world = await createWorld();
  http = createHttp(world.url, world.operatorKey);
  const { database, temporal, taskQueue, supervisorKey } = world;
  second = await secondApi({
    ...{ database, temporal, taskQueue },
    keys: { operatorKey, supervisorKey, tokenSecret, https: false },
    now: () => Date.now() + clock,
  });
});
afterAll(async () => {
  http.close();
  await second.close();
  await world.close();
});

const cookieOf = (got: Got): string => got.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
const signIn = (key: string, headers: Record<string, string> = {}): Promise<Got> =>
  http.send({ method: 'POST', path: '/api/session', body: { key }, key: null, headers });
const asked = (cookie: string, at: Pick<Http, 'send'> = http): Promise<Got> =>
  at.send({ path: '/api/session', key: null, headers: { cookie } });
const link = async (body?: object, at: Pick<Http, 'send'> = http): Promise<string> => {
  const got = await at.send({ method: 'POST', path: '/api/sign-in-links', body });
  return new URL(String(got.body.url)).pathname + new URL(String(got.body.url)).search;
};

describe('signing in with a key', () => {
  it('tells who one is, at every process, until one signs out', async () => {
    const ada = await storedKey(world, 'supervisor');
    const cookie = cookieOf(await signIn(ada.key, { origin: world.url }));
    const who = { caller: 'supervisor', keyId: ada.id, keyName: 'supervisor of a test', by: 'cookie' };
    expect((await asked(cookie)).body).toMatchObject({ ...who, development: true });
    expect((await asked(cookie, second)).body).toMatchObject(who);
    const out = { method: 'DELETE', path: '/api/session', key: null };
    // A page of another origin signs nobody out.
    await http.send({ ...out, headers: { cookie, origin: 'https://evil.example' } });
    expect((await asked(cookie)).status).toBe(200);
    expect((await http.send({ ...out, headers: { cookie, origin: world.url } })).status).toBe(204);
    expect((await asked(cookie)).status).toBe(401);
    expect((await asked(cookie, second)).status).toBe(401);
  });

  it('is refused with another key, an ended one, an order’s token, and from another page', async () => {
    const revoked = await storedKey(world, 'operator', { revoked: true });
    const { token } = (await world.place()).body;
    for (const key of ['pok_wrong_operator_key_0123456789', revoked.key, token]) {
      const got = await signIn(key);
      expect(got.status).toBe(401);
      expect(got.headers).not.toHaveProperty('set-cookie');
    }
    expect((await signIn(world.operatorKey, { origin: 'https://evil.example' })).status).toBe(403);
  });

  it('ends with the key, and after twelve hours', async () => {
    const { id, key } = await storedKey(world, 'operator');
    const cookie = cookieOf(await signIn(key));
    expect((await asked(cookie)).status).toBe(200);
    await http.send({ method: 'POST', path: `/api/keys/${id}/revoke`, key: world.supervisorKey });
    expect((await asked(cookie)).status).toBe(401);

    const first = cookieOf(await signIn(world.operatorKey));
    clock = 12 * 3_600_000 - 60_000;
    expect((await asked(first, second)).status).toBe(200);
    clock = 12 * 3_600_000;
    expect((await asked(first, second)).status).toBe(401);
    clock = 0;
  });

  it('ends when a key of the configuration is another one', async () => {
    const cookie = cookieOf(await signIn(world.operatorKey));
    const { database, temporal, taskQueue } = world;
    const keys = { operatorKey: 'pok_another_operator_key_0123456', tokenSecret, https: false };
    const third = await secondApi({ database, temporal, taskQueue, keys });
    expect((await asked(cookie, third)).status).toBe(401);
    await third.close();
    expect((await asked(cookie)).status).toBe(200);
  });

  it('changes things under the name of its key, and only from pages of this API', async () => {
    const { id, key } = await storedKey(world, 'operator');
    const cookie = cookieOf(await signIn(key));
    const order = await placed(world);
    const cancel = (headers: Record<string, string>): Promise<Got> =>
      http.send({
        method: 'POST',
        path: `/api/orders/${order}/cancel`,
        key: null,
        headers: { cookie, ...headers },
      });
    const foreign: Record<string, string>[] = [
      {},
      { origin: 'https://evil.example' },
      { origin: 'http://127.0.0.1:1' },
    ];
    for (const headers of foreign) expect((await cancel(headers)).status).toBe(401);
    expect((await cancel({ origin: world.url })).status).toBe(200);
    const { body } = await http.send({ path: `/api/orders/${order}/audit` });
    const { entries } = body as unknown as { entries: { action: string; keyId: string; outcome: string }[] };
    expect(entries.at(-1)).toMatchObject({ action: 'cancel', keyId: id, outcome: 'accepted' });
  });

  it('keeps neither cookie nor code', async () => {
    const cookie = cookieOf(await signIn(world.operatorKey));
    const code = (await link()).split('=')[1] ?? '-';
    const { db } = world.database;
    const kept = JSON.stringify([
      await db.selectFrom('sessions').selectAll().execute(),
      await db.selectFrom('sign_in_links').selectAll().execute(),
    ]);
    expect(kept).not.toContain(cookie.split('=')[1]);
    expect(kept).not.toContain(code);
  });

  it('behind https the cookie never travels without, and no neighbour can set it', async () => {
    const { database, temporal, taskQueue } = world;
    const keys = { operatorKey, tokenSecret, https: true };
    const secure = await secondApi({ database, temporal, taskQueue, keys });
    const got = await secure.send({
      method: 'POST',
      path: '/api/session',
      body: { key: operatorKey },
      key: null,
    });
    const [name = '', ...attributes] = got.headers['set-cookie']?.[0]?.split('; ') ?? [];
    expect(name).toMatch(/^__Host-/);
    expect(attributes).toEqual(expect.arrayContaining(['Secure', 'HttpOnly', 'SameSite=Strict', 'Path=/']));
    await secure.close();
  });
});

describe('wrong keys', () => {
  it('are counted like those in a header: after too many, no more are looked at', async () => {
    const { database, temporal, taskQueue } = world;
    const rateLimits = { machineKey: 1000, caller: 1000, placing: 1000, badKeys: 3, machines: 1000 };
    const strict = await secondApi({ database, temporal, taskQueue, rateLimits });
    const wrong = () =>
      strict.send({
        method: 'POST',
        path: '/api/session',
        body: { key: `wrong-${randomUUID()}` },
        key: null,
      });
    for (let i = 0; i < 3; i += 1) expect((await wrong()).status).toBe(401);
    expect(await wrong()).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    await strict.close();
  });
});

describe('a sign-in link', () => {
  it('signs in at another process than the one that made it, once, with the key that asked for it', async () => {
    const path = await link({ to: 'console' });
    const got = await second.send({ path, key: null });
    expect(got).toMatchObject({ status: 302, headers: { location: '/' } });
    expect((await asked(cookieOf(got))).body).toMatchObject({ caller: 'operator', keyId: 'operator' });
    expect((await http.send({ path, key: null })).status).toBe(401);
  });

  it('is too old after a quarter of an hour', async () => {
    const path = await link();
    clock = 15 * 60_000;
    expect((await second.send({ path, key: null })).status).toBe(401);
    clock = 0;
  });

  it('opens nothing once its key is revoked', async () => {
    const { id, key } = await storedKey(world, 'operator');
    const got = await http.send({ method: 'POST', path: '/api/sign-in-links', key, body: { to: 'console' } });
    await http.send({ method: 'POST', path: `/api/keys/${id}/revoke`, key: world.supervisorKey });
    const { pathname, search } = new URL(String(got.body.url));
    expect((await http.send({ path: pathname + search, key: null })).status).toBe(401);
  });
});
