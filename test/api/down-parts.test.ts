import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createCommands } from '../../src/client/commands.js';
import { createOrderClient } from '../../src/client/order-client.js';
import { readConfig } from '../../src/config.js';
import type { Database } from '../../src/db/database.js';
import { startService, type Service } from '../../src/up/service.js';
import { freePorts } from '../../src/up/temporal/ports.js';
import { sweep } from '../../src/worker/sweeper.js';
import { testPayloadKeys } from '../support/payload-keys.js';
import { createWorld, type World } from '../support/world.js';
import { createProxy } from '../chaos/proxy.js';
import { createHttp, type Got } from './support/http.js';
import { orderBody } from './support/orders.js';
import {
  deadTemporal,
  operatorKey,
  placingBy,
  secondApi,
  tokenSecret,
  type SecondApi,
} from './support/second-api.js';

const taskQueue = `test-${randomUUID()}`;
const now = (): number => Date.now();

let world: World;
let sku: string;
beforeAll(async () => {
  world = await createWorld({ PREORDER_TASK_QUEUE: taskQueue });
  sku = await world.addProduct();
});
afterAll(() => world.close());

const cancel = (api: SecondApi, id: string): Promise<Got> =>
  api.send({
    method: 'POST',
    path: `/api/orders/${id}/cancel`,
    headers: { 'idempotency-key': randomUUID() },
  });
const commandsOf = (id: string) =>
  world.database.db.selectFrom('commands').selectAll().where('order_id', '=', id).execute();
const reserved = async (): Promise<number> =>
  (
    await world.database.db
      .selectFrom('products')
      .selectAll()
      .where('sku', '=', sku)
      .executeTakeFirstOrThrow()
  ).reserved;

/** What the sweeper of a healthy worker has. */
function healthy(queue = taskQueue) {
  const orders = createOrderClient({ client: world.temporal, taskQueue: queue, answerWithinMs: 10_000 });
  return {
    db: world.database.db,
    orders,
    commands: createCommands({ db: world.database.db, orders, now }),
    now,
  };
}

/** A process of the system on the world's database, which stays open. */
function anotherProcess(
  env: Record<string, string>,
  parts: { api: boolean; worker: boolean },
  changed: Partial<Database> = {},
): Promise<Service> {
  const { address, namespace } = inject('temporal');
  const config = readConfig({
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    PREORDER_BUILD_ID: 'test',
    PREORDER_DEVELOPMENT: 'true',
    PREORDER_PAYLOAD_KEYS: testPayloadKeys,
    PREORDER_PORT: '0',
    PREORDER_LOG_LEVEL: 'silent',
    PAYMENT_GATEWAY_URL: world.sandbox.url,
    DELIVERY_PARTNER_URL: world.sandbox.url,
    SMTP_URL: 'smtp://127.0.0.1:1',
    ...env,
  });
  const database = { ...world.database, close: async () => undefined, ...changed };
  return startService(config, { ...parts, database });
}

describe('Temporal cannot be reached', () => {
  let api: SecondApi;
  beforeAll(async () => {
    api = await secondApi({ database: world.database, temporal: deadTemporal(), taskQueue });
  });
  afterAll(() => api.close());

  it('an order is kept and its units held; the sweeper starts it, once', async () => {
    const [body, key] = [orderBody(sku), randomUUID()];
    const before = await reserved();
    const placed = await api.place(body, key);
    expect(placed).toMatchObject({
      status: 202,
      body: { status: 'payment_pending', reservation: { status: 'held' } },
    });
    const id = String(placed.body.orderId);
    expect(await api.place(body, key)).toMatchObject({ status: 202, body: { orderId: id } });
    expect(await reserved()).toBe(before + 1);
    await expect(world.temporal.workflow.getHandle(`order-${id}`).describe()).rejects.toThrow(/not found/i);

    await sweep(healthy(), -1_000);
    await sweep(healthy(), -1_000);
    await world.untilStatus(id, 'awaiting_release');
    expect(await world.sandbox.books(id)).toMatchObject([{ charges: 1, chargedMinor: 49_900 }]);
    // Whoever asks again with the key gets the order, and its token, now confirmed.
    const again = await api.place(body, key);
    expect(again).toMatchObject({ status: 201, body: { orderId: id, token: placed.body.token } });
    expect(await reserved()).toBe(before + 1);
  });

  it('a cancel is kept, and carried out when somebody asks again', async () => {
    const id = (await world.place({ sku })).body.orderId;
    const answer = await cancel(api, id);
    expect(answer).toMatchObject({ status: 202, body: { answer: 'not_confirmed' } });
    expect(await commandsOf(id)).toMatchObject([{ kind: 'cancel', answered_at: null }]);
    expect((await world.order(id)).status).toBe('awaiting_release');

    await healthy().commands.resume(now() + 1_000);
    await world.untilStatus(id, 'cancelled');
    expect(await commandsOf(id)).toMatchObject([{ kind: 'cancel', outcome: 'accepted' }]);
    expect(await world.sandbox.books(id)).toMatchObject([{ chargedMinor: 49_900, refundedMinor: 49_900 }]);
  });

  it('what the facts refuse is refused at once, and reads go on', async () => {
    const id = (await world.place({ sku })).body.orderId;
    const verb = (name: string) => api.send({ method: 'POST', path: `/api/orders/${id}/${name}` });
    expect(await verb('item-picked')).toMatchObject({ status: 409, body: { code: 'not_allowed' } });
    expect(await api.send({ path: `/api/orders/${id}` })).toMatchObject({ status: 200 });
    expect(await commandsOf(id)).toEqual([]);
  });

  it('readiness says so, liveness does not mind', async () => {
    expect(await api.send({ path: '/health/ready' })).toMatchObject({
      status: 503,
      body: { checks: { database: 'ok', temporal: 'unreachable' } },
    });
    expect((await api.send({ path: '/health/live' })).status).toBe(200);
  });
});

describe('a process starts while Temporal is away', () => {
  it('takes orders at once, and carries them when Temporal is back, without another start', async () => {
    const port = Number(new URL(`tcp://${inject('temporal').address}`).port);
    const proxy = await createProxy([port]);
    proxy.refuse(true);
    const env = {
      TEMPORAL_ADDRESS: `127.0.0.1:${proxy.port}`,
      PREORDER_TASK_QUEUE: `test-${randomUUID()}`,
      PREORDER_OPERATOR_KEY: operatorKey,
      PREORDER_TOKEN_SECRET: tokenSecret,
    };
    const early = await anotherProcess(env, { api: true, worker: true });
    const http = createHttp(early.url ?? '', operatorKey);
    const [body, key] = [orderBody(sku), randomUUID()];
    const ask = () => placingBy(http)(body, key);
    try {
      const placed = await ask();
      expect(placed).toMatchObject({ status: 202, body: { status: 'payment_pending' } });
      proxy.refuse(false);
      await early.ready;
      // Asked again, as its buyer would; unasked, the sweeper carries it on within half a minute.
      await expect.poll(ask).toMatchObject({ status: 201, body: { orderId: placed.body.orderId } });
      expect(await world.sandbox.books(placed.body.orderId)).toMatchObject([{ charges: 1 }]);
    } finally {
      http.close();
      await early.stop();
      await proxy.close();
    }
  });

  it('can be stopped before Temporal comes', async () => {
    const early = await anotherProcess({ TEMPORAL_ADDRESS: '127.0.0.1:1' }, { api: false, worker: true });
    await early.stop();
    await early.ready;
  });
});

it('a process whose start the database does not answer takes no order before it ends, and leaves nothing running', async () => {
  const [port = 0] = await freePorts(1);
  const env = { TEMPORAL_ADDRESS: '127.0.0.1:1', PREORDER_PORT: String(port) };
  const silent = () => Promise.reject(new Error('PostgreSQL has been silent'));
  for (const failing of ['inbox_filled', 'outbox_filled', 'sweep_now', 'order_changed']) {
    let listening = 0;
    const listen: Database['listen'] = async (channel, ...rest) => {
      if (channel === failing) return silent();
      const unlisten = await world.database.listen(channel, ...rest);
      listening++;
      return async () => {
        listening--;
        await unlisten();
      };
    };
    const starting = anotherProcess(env, { api: true, worker: true }, { listen });
    await expect(starting, failing).rejects.toThrow('PostgreSQL has been silent');
    await expect(fetch(`http://127.0.0.1:${port}/health/live`), failing).rejects.toThrow('fetch failed');
    expect(listening, failing).toBe(0);
  }
});

describe('the start fails in a way nobody foresaw', () => {
  it('is 500 without internals; the order is kept and its key brings it back', async () => {
    const { orders } = healthy();
    const broken = {
      ...orders,
      startOrder: () => Promise.reject(new Error('14 UNAVAILABLE: grpc at /work/src/secret.ts:1')),
    };
    const api = await secondApi({
      database: world.database,
      temporal: world.temporal,
      taskQueue,
      orders: broken,
    });
    const [body, key] = [orderBody(sku), randomUUID()];
    try {
      expect(await api.place(body, key)).toMatchObject({ status: 500, body: { code: 'internal' } });
      expect(api.logs.join()).toContain('14 UNAVAILABLE');
    } finally {
      await api.close();
    }
    await sweep(healthy(), -1_000);
    const mended = await secondApi({ database: world.database, temporal: world.temporal, taskQueue });
    try {
      const got = await mended.place(body, key);
      expect([201, 202]).toContain(got.status);
      await world.untilStatus(String(got.body.orderId), 'awaiting_release');
      expect(await world.sandbox.books(got.body.orderId)).toMatchObject([{ charges: 1 }]);
    } finally {
      await mended.close();
    }
  });
});

describe('no worker runs', () => {
  it('placing and cancelling are 202; both are carried out when one comes back', async () => {
    const lonely = `test-${randomUUID()}`;
    const api = await secondApi({ database: world.database, temporal: world.temporal, taskQueue: lonely });
    try {
      const placed = await api.place(orderBody(sku), randomUUID());
      expect(placed).toMatchObject({ status: 202, body: { status: 'payment_pending' } });
      const id = String(placed.body.orderId);
      expect(await cancel(api, id)).toMatchObject({ status: 202, body: { answer: 'not_confirmed' } });
      expect(await commandsOf(id)).toMatchObject([{ answered_at: null }]);
      expect(await world.sandbox.books(id)).toEqual([]);

      const worker = await anotherProcess({ PREORDER_TASK_QUEUE: lonely }, { api: false, worker: true });
      try {
        await worker.ready;
        await healthy(lonely).commands.resume(now() + 1_000);
        await world.untilStatus(id, 'cancelled');
        expect(await commandsOf(id)).toMatchObject([{ outcome: 'accepted' }]);
        const [book] = await world.sandbox.books(id);
        expect((book?.chargedMinor ?? 0) - (book?.refundedMinor ?? 0)).toBe(0);
      } finally {
        await worker.stop();
      }
    } finally {
      await api.close();
    }
  });
});
