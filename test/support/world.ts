import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { Connection, type Client } from '@temporalio/client';
import { temporalClient } from '../../src/client/connection.js';
import type { PlacedOrder } from '../../src/contract/api.js';
import { readConfig } from '../../src/config.js';
import { openDatabase, type Database } from '../../src/db/database.js';
import { createSandbox } from '../../src/sandbox/create-sandbox.js';
import { startService, type Service } from '../../src/up/service.js';
import { embeddedDatabase } from './database-template.js';
import { createCaller, type Caller, type PlaceOptions, type Problem, type Reply } from './caller.js';
import { testDataConverter, testPayloadKeys } from './payload-keys.js';
import { createSandboxControls, type SandboxControls } from './sandbox-controls.js';

/** The whole system in one test file: API and worker here, its own database and sandbox, the shared Temporal server. */
export interface World extends Caller {
  url: string;
  database: Database;
  service: Service;
  temporal: Client;
  sandbox: SandboxControls;
  operatorKey: string;
  supervisorKey: string;
  taskQueue: string;
  /** Only in a split world: the API stays, and nobody works on workflows. */
  stopWorker(): Promise<void>;
  startWorker(build?: Build): Promise<void>;
  /** Places without waiting for the answer; the id is known as soon as the order's row is written. */
  placing(overrides?: PlaceOptions): Promise<{ id: string; reply: Promise<Reply<PlacedOrder & Problem>> }>;
  close(): Promise<void>;
}

const operatorKey = 'pok_test_operator_key_0123456789';
const supervisorKey = 'psk_test_supervisor_key_0123456789';

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
    PREORDER_SUPERVISOR_KEY: supervisorKey,
    PREORDER_TOKEN_SECRET: 'a-secret-of-the-tests-0123456789',
    PREORDER_PAYLOAD_KEYS: testPayloadKeys,
    PREORDER_LOG_LEVEL: 'error',
    PREORDER_RATE_LIMITS: 'false',
    // Patient: on a loaded machine an answer comes later, and still comes. `not_confirmed` is tested with hasty APIs.
    PREORDER_ANSWER_WITHIN: '60s',
    PAYMENT_GATEWAY_URL: sandbox.url,
    DELIVERY_PARTNER_URL: sandbox.url,
    SMTP_URL: `smtp://127.0.0.1:${sandbox.smtpPort}`,
    STRIPE_WEBHOOK_SECRET: 'whsec_test',
    DELIVERY_WEBHOOK_SECRET: 'delivery-test',
    ...env,
  });
  const shared: Database = split ? { ...database, close: async () => undefined } : database;
  const service = await startService(config, { api: true, worker: !split, database: shared });
  await service.ready;
  const startWorker = async ({ bundlePath, buildId = 'test' }: Build = {}) => {
    const started = await startService(
      { ...config, PREORDER_BUILD_ID: buildId },
      { api: false, worker: true, database: shared, ...(bundlePath ? { bundlePath } : {}) },
    );
    await started.ready;
    return started;
  };
  let worker = split ? await startWorker() : undefined;
  const url = service.url ?? '';
  const controls = createSandboxControls(sandbox.url);
  await controls.setWebhooks(`${url}/webhooks/payment`, `${url}/webhooks/delivery`);
  const connection = await Connection.connect({ address });
  const temporal = temporalClient(connection, namespace, testDataConverter);
  const caller = createCaller(url, operatorKey);
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
    supervisorKey,
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
  if (!server) return { database: await embeddedDatabase(), drop: async () => undefined };
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
