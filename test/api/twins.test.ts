import { Kysely, type QueryExecutor } from 'kysely';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCommands, type Wish } from '../../src/client/commands.js';
import { NotConfirmedError } from '../../src/client/errors.js';
import type { OrderClient } from '../../src/client/order-client.js';
import type { Db } from '../../src/db/database.js';
import type { Resolution } from '../../src/workflows/messages.js';
import { placed } from '../support/flows.js';
import { createWorld, type World } from '../support/world.js';
import { createHttp, type Got, type Http } from './support/http.js';
import { secondApi, type SecondApi } from './support/second-api.js';

/**
 * Two requests under one key, at two APIs: the first has its whole effect while the second stands between two of its
 * looks at the database, as it does for seconds when the network is bad.
 */

let world: World;
let http: Http;
let late: SecondApi;
/** What happens before the second API's n-th look from now on; undefined: it was never asked that often. */
let interrupt: { looks: number; work?: () => Promise<unknown> } = { looks: 0 };

/** Transactions are left alone: the embedded database has one connection, and nobody else could move meanwhile. */
function interrupted(db: Db): Db {
  const plain = db.getExecutor();
  const executor = new Proxy(plain, {
    get(_, name) {
      if (name === 'executeQuery') return executeQuery;
      const part: unknown = Reflect.get(plain, name);
      return typeof part === 'function' ? (part.bind(plain) as unknown) : part;
    },
  });
  async function executeQuery(...query: Parameters<QueryExecutor['executeQuery']>) {
    const { work } = interrupt;
    if (work && --interrupt.looks === 0) {
      delete interrupt.work;
      await work();
    }
    return plain.executeQuery(...query);
  }
  const unused = {} as never;
  const watched: Db = new Kysely({ executor, config: unused, dialect: unused, driver: unused });
  return Object.assign(watched, { transaction: () => db.transaction() });
}

beforeAll(async () => {
  world = await createWorld();
  const { temporal, taskQueue, database } = world;
  http = createHttp(world.url, world.operatorKey);
  late = await secondApi({
    database: { ...database, db: interrupted(database.db) },
    temporal,
    taskQueue,
    answerWithinMs: 5_000,
  });
});
afterAll(async () => {
  http.close();
  await late.close();
  await world.close();
});

const asking = (
  api: Http | SecondApi,
  id: string,
  verb: string,
  key: string,
  body?: unknown,
): Promise<Got> => {
  const headers = { 'idempotency-key': key };
  return api.send({ method: 'POST', path: `/api/orders/${id}/${verb}`, body, headers });
};

const calling = async (): Promise<string> => {
  const id = await placed(world);
  await world.sandbox.modes({ prefix: `${id}:fulfillment:1`, acceptance: 'reject' });
  await world.command(id, 'start-fulfillment');
  await world.until(id, (order) => order.needsAttention?.reason === 'partner_rejected');
  return id;
};

it.each([
  {
    verb: 'start-fulfillment',
    order: () => placed(world),
    moved: (id: string) => world.untilStatus(id, 'awaiting_pickup'),
  },
  {
    verb: 'resolve',
    body: { action: 'rebook' },
    order: calling,
    moved: (id: string) => world.untilStatus(id, 'awaiting_pickup'),
  },
  {
    verb: 'resolve',
    body: { action: 'rebook' },
    order: calling,
    // The first stands right before it writes down its answer.
    moved: async (id: string) => {
      await world.untilStatus(id, 'awaiting_pickup');
      await world.database.db
        .updateTable('commands')
        .set({ answered_at: null, outcome: null, message: null })
        .where('order_id', '=', id)
        .execute();
    },
  },
])('$verb is answered alike to both, wherever the second stands', async ({ verb, body, order, moved }) => {
  for (let looks = 1; ; looks++) {
    const id = await order();
    const key = randomUUID();
    let first: Got | undefined;
    interrupt = {
      looks,
      work: async () => {
        first = await asking(http, id, verb, key, body);
        await moved(id);
      },
    };
    const second = await asking(late, id, verb, key, body);
    expect(second, `after look ${looks}`).toMatchObject({ status: 200, body: { answer: 'accepted' } });
    if (!first) break;
    expect(second.body.message).toBe(first.body.message);
  }
});

it('a decision that never reached its workflow is carried out as it was kept', async () => {
  const orderId = await calling();
  const asked: Resolution[] = [];
  const away: OrderClient['resolve'] = (_order, _id, resolution) => {
    asked.push(resolution);
    return Promise.reject(new NotConfirmedError('away'));
  };
  const { db } = world.database;
  const commands = createCommands({ db, orders: { ...late.orders, resolve: away }, now: () => Date.now() });
  const actor = { kind: 'operator', id: 'operator' } as const;
  const wish: Wish = { id: randomUUID(), kind: 'resolve', orderId, actor, resolution: { action: 'rebook' } };
  await commands.run({ ...wish, call: 'partner_rejected' });
  // Whoever repeats it does not look again which call it answers.
  await commands.run(wish);
  expect(asked).toMatchObject([{ reason: 'partner_rejected' }, { reason: 'partner_rejected' }]);
});
