import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { called, placed, startedWith } from '../support/flows.js';
import { reconcile } from '../support/reconciling.js';
import { createWorld, type World } from '../support/world.js';
import { storedKey } from './support/callers.js';
import { secondApi, type SecondApi } from './support/second-api.js';

let world: World;
/** Another process of the same API than the one that the orders are placed at. */
let second: SecondApi;
beforeAll(async () => {
  world = await createWorld();
  const { database, temporal, taskQueue } = world;
  second = await secondApi({ database, temporal, taskQueue, heartbeatMs: 50 });
});
afterAll(async () => {
  await second.close();
  await world.close();
});

interface Heard {
  id: string;
  event: string;
  data: Record<string, unknown>;
}

/** Reads a stream until something fits; `undefined` when the stream ends before. */
async function listen(url: string, headers: Record<string, string> = {}) {
  const gone = new AbortController();
  const authorization = `Bearer ${world.operatorKey}`;
  const reply = await fetch(`${url}/api/events`, {
    headers: { authorization, ...headers },
    signal: gone.signal,
  });
  expect(reply.headers.get('content-type')).toBe('text/event-stream');
  const reader = reply.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  let id = '';
  const next = async (fits: (heard: Heard) => boolean): Promise<Heard | undefined> => {
    for (;;) {
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const lines = text.slice(0, end).split('\n');
        text = text.slice(end + 2);
        const field = (name: string): string =>
          lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? '';
        id = field('id') || id;
        const heard = { id, event: field('event'), data: JSON.parse(field('data') || '{}') as Heard['data'] };
        if (fits(heard)) return heard;
      }
      const { done, value } = await reader.read();
      if (done) return undefined;
      text += value;
    }
  };
  await next(() => true);
  return { next, lastId: () => id, close: () => gone.abort() };
}
const about =
  (id: string, event = 'order') =>
  (heard: Heard): boolean =>
    heard.event === event && heard.data.orderId === id;

describe('the stream of events', () => {
  it('tells at one process what happens at another: orders, calls, products', async () => {
    const stream = await listen(second.url);
    const sku = await world.addProduct();
    expect(await stream.next(({ event, data }) => event === 'product' && data.sku === sku)).toBeDefined();
    const id = await placed(world, { sku });
    const seen = await stream.next((heard) => about(id)(heard) && heard.data.status === 'awaiting_release');
    expect(seen?.data).toMatchObject({ orderId: id, status: 'awaiting_release', version: 2 });
    const stuck = await startedWith(world, { acceptance: 'reject' });
    await called(world, stuck, 'partner_rejected');
    expect(await stream.next(about(stuck, 'attention'))).toBeDefined();
    stream.close();
  });

  it('tells of what leaves the order as it is: a refusal, and a run of the reconciler', async () => {
    const id = await placed(world);
    const unsent = world.database.db.selectFrom('outbox').selectAll().where('sent_at', 'is', null);
    await expect.poll(() => unsent.execute()).toEqual([]);
    const stream = await listen(second.url);
    await world.call('POST', `/api/orders/${id}/item-picked`);
    expect(await stream.next(about(id, 'record'))).toBeDefined();
    await reconcile(world);
    expect(await stream.next(({ event }) => event === 'reconciliation')).toBeDefined();
    stream.close();
  });

  it('tells whoever comes back what was missed', async () => {
    const before = await listen(second.url);
    await placed(world);
    await before.next(({ data }) => data.status === 'awaiting_release');
    before.close();
    const missed = await placed(world);
    const after = await listen(second.url, { 'last-event-id': before.lastId() });
    expect(await after.next(about(missed))).toBeDefined();
    after.close();
  });

  it.each(['another-process-7', '00000000-1', 'x'])(
    'says so when it cannot know what was missed: %s',
    async (lastId) => {
      const stream = await listen(second.url, { 'last-event-id': lastId });
      expect(await stream.next(({ event }) => event !== '')).toMatchObject({ event: 'reset' });
      stream.close();
    },
  );

  it('says again and again that it is there, and that is no event to go on from', async () => {
    const stream = await listen(second.url);
    let last = stream.lastId();
    for (let pings = 0; pings < 2;) {
      const heard = await stream.next(() => true);
      if (heard?.event === 'ping') {
        expect(heard.id).toBe(last);
        pings += 1;
      } else last = heard?.id ?? last;
    }
    stream.close();
  });

  it('ends with the key that opened it', async () => {
    const { id, key } = await storedKey(world, 'operator');
    const stream = await listen(second.url, { authorization: `Bearer ${key}` });
    await fetch(`${world.url}/api/keys/${id}/revoke`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.supervisorKey}` },
    });
    expect(await stream.next(() => false)).toBeUndefined();
  });

  it('does not hold up the end of its process', async () => {
    const { database, temporal, taskQueue } = world;
    const third = await secondApi({ database, temporal, taskQueue });
    const stream = await listen(third.url);
    await third.close();
    expect(await stream.next(() => false)).toBeUndefined();
  });

  it('is there for so many readers with one key and no more', async () => {
    const streams = await Promise.all(Array.from({ length: 20 }, () => listen(second.url)));
    const more = await fetch(`${second.url}/api/events`, {
      headers: { authorization: `Bearer ${world.operatorKey}` },
    });
    expect(more.status).toBe(429);
    streams.forEach((stream) => stream.close());
  });
});
