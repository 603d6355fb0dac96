import { defaultPayloadConverter } from '@temporalio/common';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../support/world.js';
import { createHttp, type Got, type Http } from './support/http.js';

const ui = 'http://127.0.0.1:8233';
let world: World;
let http: Http;
beforeAll(async () => {
  world = await createWorld({ PREORDER_TEMPORAL_UI: `${ui}/` });
  http = createHttp(world.url, world.operatorKey);
});
afterAll(async () => {
  http.close();
  await world.close();
});

interface Wire {
  metadata: Record<string, string>;
  data: string;
}
const base64 = (bytes?: Uint8Array | null): string => Buffer.from(bytes ?? []).toString('base64');
const text = (given = ''): string => Buffer.from(given, 'base64').toString();
const payloadsOf = (got: Got): Wire[] => (got.body as unknown as { payloads: Wire[] }).payloads;

const post = (path: string, payloads: Wire[], headers: Record<string, string> = {}, key?: null) =>
  http.send({
    method: 'POST',
    path: `${path}?preserveStorageRefs=true`,
    body: { payloads },
    headers,
    ...(key === null ? { key } : {}),
  });

/** An order's input as Temporal keeps it, in the form in which the Web UI sends it. */
async function storedInput(): Promise<{ id: string; payload: Wire }> {
  const id = (await world.place()).body.orderId;
  const { events } = await world.temporal.workflow.getHandle(`order-${id}`).fetchHistory();
  const [input] = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  const metadata = Object.entries(input?.metadata ?? {}).map(([name, value]) => [name, base64(value)]);
  return {
    id,
    payload: { metadata: Object.fromEntries(metadata) as Wire['metadata'], data: base64(input?.data) },
  };
}

async function signIn(): Promise<{ link: string; reply: Got; cookie: string }> {
  const { body } = await http.send({ method: 'POST', path: '/api/sign-in-links' });
  const link = String(body.url).slice(world.url.length);
  const reply = await http.send({ path: link, key: null });
  return { link, reply, cookie: reply.headers['set-cookie']?.[0]?.split(';')[0] ?? '' };
}

describe('the codec endpoint', () => {
  it('shows an operator what Temporal keeps, and takes what the Web UI sends', async () => {
    const { id, payload } = await storedInput();
    expect(text(payload.metadata.encoding)).toBe('binary/encrypted');
    const [shown] = payloadsOf(await post('/codec/decode', [payload]));
    expect(text(shown?.metadata.encoding)).toBe('json/plain');
    expect(JSON.parse(text(shown?.data))).toMatchObject({ orderId: id });
    const [hidden] = payloadsOf(await post('/codec/encode', [shown as Wire]));
    expect(text(hidden?.data)).not.toContain(id);
    expect(payloadsOf(await post('/codec/decode', [hidden as Wire]))).toEqual([shown]);
  });

  it('gives back what was never encrypted', async () => {
    const { metadata, data } = defaultPayloadConverter.toPayload('plain');
    const plain = { metadata: { encoding: base64(metadata?.encoding) }, data: base64(data) };
    expect(payloadsOf(await post('/codec/decode', [plain]))).toEqual([plain]);
  });

  it('names the key that is missing', async () => {
    const { payload } = await storedInput();
    payload.metadata['encryption-key-id'] = base64(Buffer.from('lost-2025'));
    expect(await post('/codec/decode', [payload])).toMatchObject({
      status: 409,
      body: { code: 'unreadable_payload', detail: expect.stringContaining('"lost-2025"') as string },
    });
  });

  it('takes a payload as large as Temporal takes, and reads none of a stranger', async () => {
    const large = { metadata: {}, data: Buffer.alloc(2 * 1024 * 1024).toString('base64') };
    expect((await post('/codec/encode', [large])).status).toBe(200);
    expect((await post('/codec/encode', [large], {}, null)).status).toBe(401);
    expect((await post('/codec/encode', [large, large])).status).toBe(413);
  });
});

describe('a browser', () => {
  const ask = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type,x-namespace',
  };
  const preflight = (origin: string) =>
    http.send({ method: 'OPTIONS', path: '/codec/decode', key: null, headers: { ...ask, origin } });

  it('may ask from the Web UI, with cookies', async () => {
    const { status, headers } = await preflight(ui);
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': ui,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type, x-namespace',
    });
    // The UI shows what is wrong only if it may read it.
    const refused = await post('/codec/decode', [], { origin: ui }, null);
    expect(refused).toMatchObject({ status: 401, headers: { 'access-control-allow-origin': ui } });
  });

  it.each([
    'http://localhost:8233',
    'http://127.0.0.1:8234',
    'https://evil.example',
    'null',
    `${ui}.evil.example`,
  ])('may not ask from %s', async (origin) => {
    expect((await preflight(origin)).headers).not.toHaveProperty('access-control-allow-origin');
    const got = await post('/codec/decode', [], { origin });
    expect(got.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('may ask nothing but the codec from the Web UI', async () => {
    const got = await http.send({ path: '/api/books', headers: { origin: ui } });
    expect(got.headers).not.toHaveProperty('access-control-allow-origin');
  });
});

describe('an operator in a browser', () => {
  it('signs in with a link and is led to the Web UI, where payloads can be read', async () => {
    const { reply, cookie } = await signIn();
    expect(reply).toMatchObject({ status: 302, headers: { location: `${ui}/` } });
    const attributes = reply.headers['set-cookie']?.[0]?.split('; ').slice(1);
    expect(attributes).toEqual(expect.arrayContaining(['HttpOnly', 'SameSite=Strict', 'Path=/']));
    const { id, payload } = await storedInput();
    const [shown] = payloadsOf(await post('/codec/decode', [payload], { origin: ui, cookie }, null));
    expect(text(shown?.data)).toContain(id);
  });

  it('cannot use a link twice, or an invented one', async () => {
    const { link } = await signIn();
    for (const path of [link, '/sign-in', '/sign-in?code=', `/sign-in?code=${randomUUID()}`]) {
      const got = await http.send({ path, key: null });
      expect(got).toMatchObject({ status: 401, body: { code: 'link_used' } });
      expect(got.headers).not.toHaveProperty('set-cookie');
    }
  });

  it('is told so on a page, with the way to another link', async () => {
    const { link } = await signIn();
    for (const path of [link, `/sign-in?code=${'x'.repeat(200)}`]) {
      const got = await fetch(world.url + path, { headers: { accept: 'text/html,*/*;q=0.8' } });
      expect(got.headers.get('content-type')).toBe('text/html; charset=utf-8');
      const page = await got.text();
      expect(page).toContain('npx preorder sign-in');
      expect(page).toContain(got.headers.get('x-request-id'));
    }
  });

  it('is nobody with a cookie that was altered', async () => {
    const { cookie } = await signIn();
    const [name = '', value = ''] = cookie.split('=');
    for (const forged of [`${value}x`, value.slice(1), value.toLowerCase(), '', randomUUID()]) {
      const headers = { origin: ui, cookie: `${name}=${forged}` };
      expect((await post('/codec/decode', [], headers, null)).status, forged).toBe(401);
    }
  });

  it('is not served when another page uses the cookie, at another port of the same host too', async () => {
    const { cookie } = await signIn();
    const origins = ['http://127.0.0.1:9999', 'https://evil.example', 'null'];
    for (const headers of [...origins.map((origin) => ({ origin, cookie })), { cookie }]) {
      expect((await post('/codec/decode', [], headers, null)).status).toBe(401);
      const reply = await http.send({ method: 'POST', path: '/api/sign-in-links', key: null, headers });
      expect(reply.status).toBe(401);
    }
    // The Web UI may have payloads decrypted, and do nothing else in the operator's name.
    const fromUi = { cookie, origin: ui };
    expect(
      (await http.send({ method: 'POST', path: '/api/sign-in-links', key: null, headers: fromUi })).status,
    ).toBe(401);
  });

  it('may use pages of the API itself', async () => {
    const { cookie } = await signIn();
    expect((await http.send({ path: '/api/books', key: null, headers: { cookie } })).status).toBe(200);
    const own = { cookie, origin: world.url };
    expect(
      (await http.send({ method: 'POST', path: '/api/sign-in-links', key: null, headers: own })).status,
    ).toBe(201);
  });
});
