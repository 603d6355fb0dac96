import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { Connection, Client } from '@temporalio/client';
import type {
  CommandAnswer,
  CompensationLog,
  OrderView,
  PlacedOrder,
  Problem as FullProblem,
} from '../../src/contract/api.js';
import { readConfig } from '../../src/config.js';
import { openDatabase, type Database } from '../../src/db/database.js';
import { createSandbox } from '../../src/sandbox/create-sandbox.js';
import { startService, type Service } from '../../src/up/service.js';
import { createSandboxControls, type SandboxControls } from './sandbox-controls.js';

/** What a refusal carries beside its HTTP status, which is also the reply's. */
type Problem = Partial<Pick<FullProblem, 'code' | 'detail' | 'errors' | 'orderId'>>;

export interface Reply<T> {
  status: number;
  body: T;
}

/** The whole system in one test file: API and worker here, its own database and sandbox, the shared Temporal server. */
export interface World {
  url: string;
  database: Database;
  service: Service;
  temporal: Client;
  sandbox: SandboxControls;
  operatorKey: string;
  taskQueue: string;
  /** Only in a split world: the API stays, and nobody works on workflows. */
  stopWorker(): Promise<void>;
  startWorker(build?: Build): Promise<void>;
  call<T>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply<T>>;
  addProduct(overrides?: Record<string, unknown>): Promise<string>;
  place(overrides?: PlaceOptions): Promise<Reply<PlacedOrder & Problem>>;
  /** Places without waiting for the answer; the id is known as soon as the order's row is written. */
  placing(overrides?: PlaceOptions): Promise<{ id: string; reply: Promise<Reply<PlacedOrder & Problem>> }>;
  command(id: string, kind: string, body?: unknown, key?: string): Promise<Reply<CommandAnswer & Problem>>;
  order(id: string): Promise<OrderView>;
  log(id: string): Promise<CompensationLog['entries']>;
  resolve(id: string, action: string, reference?: string): Promise<Reply<CommandAnswer & Problem>>;
  fastForward(id: string, wish: { to?: 'release' | 'deadline'; by?: string }): Promise<OrderView>;
  /** Waits until the order is so; fails with what it is. */
  until(id: string, is: (order: OrderView) => boolean, what?: string): Promise<OrderView>;
  untilStatus(id: string, ...statuses: OrderView['status'][]): Promise<OrderView>;
  close(): Promise<void>;
}

export interface PlaceOptions {
  sku?: string;
  quantity?: number;
  paymentMethod?: string;
  zip?: string;
  email?: string;
  key?: string;
}

const operatorKey = 'pok_test_operator_key_0123456789';

/** Another build of the workflows than the one under test. */
export interface Build {
  bundlePath?: string;
  buildId?: string;
}

export interface WorldOptions {
  /** The worker apart from the API, so that it can be stopped and started. */
  split?: boolean;
}

export async function createWorld(
  env: Record<string, string> = {},
  { split = false }: WorldOptions = {},
): Promise<World> {
  const { address, namespace, timeSkipping } = inject('temporal');
  const { database, drop } = await ownDatabase();
  const taskQueue = `test-${randomUUID()}`;
  const sandbox = await createSandbox({
    port: 0,
    smtpPort: 0,
    paymentWebhookSecret: 'whsec_test',
    deliveryWebhookSecret: 'delivery-test',
  });
  const config = readConfig({
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    PREORDER_TASK_QUEUE: taskQueue,
    PREORDER_BUILD_ID: 'test',
    // By itself never during a test; the reconciler's own tests ask for it.
    PREORDER_RECONCILE_EVERY: '24h',
    PREORDER_PORT: '0',
    PREORDER_DEVELOPMENT: 'true',
    PREORDER_TIME_SKIPPING: String(timeSkipping),
    PREORDER_OPERATOR_KEY: operatorKey,
    PREORDER_TOKEN_SECRET: 'a-secret-of-the-tests-0123456789',
    PREORDER_LOG_LEVEL: 'error',
    PAYMENT_GATEWAY_URL: sandbox.url,
    DELIVERY_PARTNER_URL: sandbox.url,
    SMTP_URL: `smtp://127.0.0.1:${sandbox.smtpPort}`,
    STRIPE_WEBHOOK_SECRET: 'whsec_test',
    DELIVERY_WEBHOOK_SECRET: 'delivery-test',
    ...env,
  });
  const shared: Database = split ? { ...database, close: async () => undefined } : database;
  const service = await startService(config, { api: true, worker: !split, database: shared });
  const startWorker = ({ bundlePath, buildId = 'test' }: Build = {}) =>
    startService(
      { ...config, PREORDER_BUILD_ID: buildId },
      { api: false, worker: true, database: shared, ...(bundlePath ? { bundlePath } : {}) },
    );
  let worker = split ? await startWorker() : undefined;
  const url = service.url ?? '';
  const controls = createSandboxControls(sandbox.url);
  await controls.setWebhooks(`${url}/webhooks/payment`, `${url}/webhooks/delivery`);
  const connection = await Connection.connect({ address });
  const temporal = new Client({ connection, namespace });
  const caller = createCaller(url);
  const placing: World['placing'] = async (options = {}) => {
    const key = options.key ?? randomUUID();
    const reply = caller.place({ ...options, key });
    const answered = reply.then((r) => r.body.orderId);
    for (;;) {
      const row = await database.db
        .selectFrom('orders')
        .select('id')
        .where('idempotency_key', '=', key)
        .executeTakeFirst();
      const id = row?.id ?? (await Promise.race([answered, pause(10)]));
      if (id) return { id, reply };
    }
  };
  return {
    url,
    database,
    service,
    temporal,
    sandbox: controls,
    operatorKey,
    taskQueue,
    stopWorker: async () => {
      await worker?.stop();
      worker = undefined;
    },
    startWorker: async (build) => void (worker ??= await startWorker(build)),
    ...caller,
    placing,
    close: async () => {
      await worker?.stop();
      await service.stop();
      if (split) await database.close();
      await sandbox.close();
      await connection.close();
      await drop();
    },
  };
}

const pause = (ms: number): Promise<undefined> =>
  new Promise((resolve) => setTimeout(() => resolve(undefined), ms));

async function ownDatabase(): Promise<{ database: Database; drop: () => Promise<void> }> {
  const server = inject('postgresUrl');
  if (!server) return { database: await openDatabase({}), drop: async () => undefined };
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const database = await openDatabase({ url: server.replace(/\/[^/]*$/, `/${name}`) });
  return {
    database,
    drop: async () => {
      await admin.query(`drop database ${name} with (force)`);
      await admin.end();
    },
  };
}

type Caller = Pick<
  World,
  | 'call'
  | 'addProduct'
  | 'place'
  | 'command'
  | 'resolve'
  | 'order'
  | 'log'
  | 'fastForward'
  | 'until'
  | 'untilStatus'
>;

export function createCaller(url: string, key = operatorKey): Caller {
  let defaultSku: string | undefined;

  const call: World['call'] = async (method, path, body, headers = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text ? JSON.parse(text) : undefined) as never };
  };

  const order = async (id: string): Promise<OrderView> =>
    (await call<OrderView>('GET', `/api/orders/${id}`)).body;

  const until: World['until'] = async (id, is, what = String(is)) => {
    const deadline = Date.now() + 40_000;
    for (;;) {
      const now = await order(id);
      if (is(now)) return now;
      if (Date.now() > deadline)
        throw new Error(`order never became so: ${what}\n${JSON.stringify(now, null, 1)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  const addProduct: World['addProduct'] = async (overrides = {}) => {
    const sku = `sku-${randomUUID().slice(0, 8)}`;
    const releaseDate = new Date(Date.now() + 90 * 86_400_000).toISOString();
    const product = {
      sku,
      name: 'Phone',
      price: 49_900,
      currency: 'USD',
      capacity: 1000,
      releaseDate,
      ...overrides,
    };
    const reply = await call('POST', '/api/products', product);
    if (reply.status !== 201) throw new Error(JSON.stringify(reply.body));
    return product.sku;
  };

  return {
    call,
    order,
    until,
    addProduct,
    place: async (options = {}) => {
      const sku = options.sku ?? (defaultSku ??= await addProduct());
      const body = {
        sku,
        quantity: options.quantity ?? 1,
        customer: {
          name: 'Ada Lovelace',
          email: options.email ?? `${randomUUID()}@example.com`,
          address: { street: '1 Main St', city: 'Springfield', zip: options.zip ?? '12345', country: 'US' },
        },
        paymentMethod: options.paymentMethod ?? 'pm_card_visa',
      };
      return call('POST', '/api/orders', body, { 'idempotency-key': options.key ?? randomUUID() });
    },
    command: (id, kind, body, commandKey = randomUUID()) =>
      call('POST', `/api/orders/${id}/${kind}`, body, { 'idempotency-key': commandKey }),
    log: async (id) =>
      (await call<CompensationLog>('GET', `/api/orders/${id}/compensation-log`)).body.entries,
    resolve: (id, action, reference) =>
      call('POST', `/api/orders/${id}/resolve`, { action, ...(reference ? { reference } : {}) }),
    fastForward: async (id, wish) => {
      const reply = await call<OrderView & Problem>('POST', `/api/orders/${id}/fast-forward`, wish);
      if (reply.status !== 200) throw new Error(JSON.stringify(reply.body));
      return reply.body;
    },
    untilStatus: (id, ...statuses) =>
      until(id, (o) => statuses.includes(o.status), `status ${statuses.join(' or ')}`),
  };
}
