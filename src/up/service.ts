import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import type { FastifyInstance } from 'fastify';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createApi } from '../api/app.js';
import { watchOrderChanges } from '../api/order-changes.js';
import type { Keys } from '../api/session.js';
import { createCommands } from '../client/commands.js';
import { connectionOptions, temporalClient } from '../client/connection.js';
import { createOrderClient } from '../client/order-client.js';
import { createReconciler, scheduleReconciliation } from '../client/reconciliation.js';
import { createWorkflowView } from '../client/workflow-view.js';
import type { Config } from '../config.js';
import { openDatabase, type Database } from '../db/database.js';
import { MINUTE } from '../domain/deadline.js';
import type { RefundInput } from '../domain/order.js';
import { createDeliveryPartner } from '../integrations/delivery-partner.js';
import { createMailer } from '../integrations/mail.js';
import { createPaymentGateway } from '../integrations/payment-gateway.js';
import { crashAt } from '../worker/crash-points.js';
import { startWorker, type RunningWorker } from '../worker/create-worker.js';
import { makeCurrent } from '../worker/deployment.js';
import { startBackgroundWork } from './background-work.js';
import { encryptionOf } from './encryption.js';
import { addressOf, createOrderLinks } from './order-links.js';
import { projectRoot } from './project-root.js';

export interface Service {
  database: Database;
  api: FastifyInstance | undefined;
  url: string | undefined;
  /** Stops taking work, lets running work end, closes everything. */
  stop(): Promise<void>;
  /** Rejects when the worker fails. */
  ended: Promise<void>;
}

/** Calls to partners end before the activity's own timeout does. */
const PARTNER_TIMEOUT_MS = 2_500;
let runtimeReady = false;

interface Parts {
  api: boolean;
  worker: boolean;
  /** Ends this process as a crash would, where somebody starts it again. */
  crash?: () => void;
  /** Instead of the one that the configuration names. */
  database?: Database;
  /** Instead of the workflows that this program was built with. */
  bundlePath?: string;
}

/** One process of the system: the API, a worker, or both, wired to the real parts that the configuration names. */
export async function startService(config: Config, parts: Parts): Promise<Service> {
  if (!runtimeReady) Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  runtimeReady = true;
  const now = (): number => Date.now();
  const { codec, dataConverter } = encryptionOf(config);
  const address = config.TEMPORAL_ADDRESS ?? 'localhost:7233';
  const connection = await NativeConnection.connect(
    connectionOptions({ address, namespace: config.TEMPORAL_NAMESPACE }),
  );
  const database =
    parts.database ??
    (await openDatabase({ url: config.DATABASE_URL, folder: `${config.PREORDER_DATA_DIR}/database` }));
  const temporal = temporalClient(connection, config.TEMPORAL_NAMESPACE, dataConverter);
  const taskQueue = config.PREORDER_TASK_QUEUE;
  const orders = createOrderClient({ client: temporal, taskQueue, eager: parts.worker });
  const commands = createCommands({ db: database.db, orders, now });

  const gateway = createPaymentGateway({
    secretKey: config.STRIPE_SECRET_KEY ?? 'sk_test_sandbox',
    url: config.STRIPE_SECRET_KEY
      ? config.PAYMENT_GATEWAY_URL
      : (config.PAYMENT_GATEWAY_URL ?? 'http://127.0.0.1:8090'),
    timeoutMs: PARTNER_TIMEOUT_MS,
  });
  const partner = createDeliveryPartner({
    url: config.DELIVERY_PARTNER_URL,
    apiKey: config.DELIVERY_PARTNER_API_KEY,
    timeoutMs: PARTNER_TIMEOUT_MS,
  });
  const keys: Keys = {
    operatorKey: config.PREORDER_OPERATOR_KEY,
    supervisorKey: config.PREORDER_SUPERVISOR_KEY,
    tokenSecret: config.PREORDER_TOKEN_SECRET ?? randomBytes(32).toString('hex'),
    https: config.PREORDER_URL?.startsWith('https://') ?? false,
  };
  const mailer = createMailer({ smtpUrl: config.SMTP_URL, from: config.MAIL_FROM, timeoutMs: 5_000 });

  let api: FastifyInstance | undefined;
  function ownUrl(): string | undefined {
    const bound = api?.server.address();
    return bound && typeof bound === 'object' ? `http://${config.PREORDER_HOST}:${bound.port}` : undefined;
  }
  const configuredUrl = `http://${config.PREORDER_HOST}:${config.PREORDER_PORT}`;
  const linkTo = createOrderLinks(keys, () => config.PREORDER_URL ?? ownUrl() ?? configuredUrl);

  let worker: RunningWorker | undefined;
  let background: Awaited<ReturnType<typeof startBackgroundWork>> | undefined;
  if (parts.worker) {
    const bundlePath = parts.bundlePath ?? join(projectRoot(), 'dist/workflow-bundle.js');
    const settings = {
      connection,
      namespace: config.TEMPORAL_NAMESPACE,
      taskQueue,
      bundlePath,
      dataConverter,
    };
    const workflows = createWorkflowView(temporal, taskQueue);
    const deps = {
      db: database.db,
      gateway,
      partner,
      workflows,
      watchRefund: (input: RefundInput, eventId: string) => orders.refundChanged(input, { eventId }),
    };
    const crashPoint = config.PREORDER_DEVELOPMENT ? config.PREORDER_CRASH_AT : undefined;
    const tuning = crashPoint ? { interceptors: { activity: [crashAt(crashPoint)] } } : {};
    worker = await startWorker({ ...settings, buildId: config.PREORDER_BUILD_ID, tuning }, deps);
    if (config.PREORDER_DEVELOPMENT) await makeCurrent(temporal, taskQueue, worker.buildId);
    await scheduleReconciliation(temporal, taskQueue, config.PREORDER_RECONCILE_EVERY ?? 5 * MINUTE);
    background = await startBackgroundWork({ database, orders, commands, mailer, linkTo, now });
  }

  if (parts.api) api = await openApi();
  async function openApi() {
    const changes = await watchOrderChanges(database);
    const app = await createApi({
      database,
      orders,
      commands,
      temporal,
      codec,
      reconciler: createReconciler(temporal, taskQueue),
      changes,
      keys,
      policy: config.policy,
      approvalLimitMinor: config.PREORDER_APPROVAL_LIMIT,
      webhookSecrets: { payment: config.STRIPE_WEBHOOK_SECRET, delivery: config.DELIVERY_WEBHOOK_SECRET },
      development: config.PREORDER_DEVELOPMENT,
      timeSkipping: config.PREORDER_TIME_SKIPPING,
      publicUrl: config.PREORDER_URL,
      temporalUiUrl: config.PREORDER_TEMPORAL_UI,
      consoleFolder: join(projectRoot(), 'dist/console'),
      sandboxUrl: config.PREORDER_DEVELOPMENT ? config.DELIVERY_PARTNER_URL : undefined,
      crash: config.PREORDER_DEVELOPMENT ? parts.crash : undefined,
      contact: addressOf(config.MAIL_FROM),
      now,
      random: (bytes) => randomBytes(bytes),
      trustProxy: config.PREORDER_TRUST_PROXY,
      rateLimits: config.PREORDER_RATE_LIMITS
        ? {
            machineKey: config.PREORDER_LIMIT_MACHINE_KEY,
            caller: config.PREORDER_LIMIT_CALLER,
            placing: config.PREORDER_LIMIT_PLACING,
            badKeys: config.PREORDER_LIMIT_BAD_KEYS,
            machines: config.PREORDER_LIMIT_MACHINES,
          }
        : undefined,
      placeWithinMs: 8_000,
      reconcileWithinMs: 20_000,
      logLevel: config.PREORDER_LOG_LEVEL,
    });
    app.addHook('onClose', () => changes.close());
    await app.listen({ host: config.PREORDER_HOST, port: config.PREORDER_PORT });
    return app;
  }

  return {
    database,
    api,
    url: ownUrl(),
    ended: worker?.ended ?? new Promise(() => undefined),
    stop: async () => {
      await api?.close();
      await background?.stop();
      await worker?.stop();
      mailer.close();
      await connection.close();
      await database.close();
    },
  };
}
