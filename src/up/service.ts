import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { FastifyInstance } from 'fastify';
import { randomBytes } from 'node:crypto';
import type { Deps } from '../activities/deps.js';
import type { Keys } from '../api/session.js';
import { createCommands } from '../client/commands.js';
import { lazyConnection, temporalClient } from '../client/connection.js';
import { createOrderClient, type OrderClient } from '../client/order-client.js';
import { createReconciler } from '../client/reconciliation.js';
import { createWorkflowView } from '../client/workflow-view.js';
import type { Config } from '../config.js';
import { openDatabase, type Database } from '../db/database.js';
import { createDeliveryPartner } from '../integrations/delivery-partner.js';
import { createMailer } from '../integrations/mail.js';
import { createPaymentGateway } from '../integrations/payment-gateway.js';
import { startBackgroundWork } from './background-work.js';
import { encryptionOf } from './encryption.js';
import { openApi } from './open-api.js';
import { openWorker, type WorkerProcess } from './open-worker.js';
import { createOrderLinks } from './order-links.js';

export interface Service {
  database: Database;
  api: FastifyInstance | undefined;
  url: string | undefined;
  /** Resolves once its worker polls; the API answers before, and while Temporal is away. */
  ready: Promise<void>;
  /** Rejects when the worker fails. */
  ended: Promise<void>;
  /** Stops taking work, lets running work end, closes everything. */
  stop(): Promise<void>;
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
  const { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace, PREORDER_TASK_QUEUE: taskQueue } = config;
  const database =
    parts.database ??
    (await openDatabase({ url: config.DATABASE_URL, folder: `${config.PREORDER_DATA_DIR}/database` }));
  const connection = lazyConnection({ address, namespace });
  const temporal = temporalClient(connection, namespace, dataConverter);
  let worker: WorkerProcess | undefined;
  const orders = createOrderClient({
    client: temporal,
    taskQueue,
    beside: () => worker?.client(),
    answerWithinMs: config.PREORDER_ANSWER_WITHIN,
  });
  const commands = createCommands({ db: database.db, orders, now });
  const keys = keysOf(config);
  const mailer = createMailer({ smtpUrl: config.SMTP_URL, from: config.MAIL_FROM, timeoutMs: 5_000 });

  let api: FastifyInstance | undefined;
  const ownUrl = (): string | undefined => urlOf(config, api);
  const configuredUrl = `http://${config.PREORDER_HOST}:${config.PREORDER_PORT}`;
  const linkTo = createOrderLinks(keys, () => config.PREORDER_URL ?? ownUrl() ?? configuredUrl);

  const background = parts.worker
    ? await startBackgroundWork({ database, orders, commands, mailer, linkTo, now })
    : undefined;
  if (parts.worker) {
    const workflows = createWorkflowView(temporal, taskQueue);
    const deps = { db: database.db, ...partnersOf(config, orders), workflows };
    worker = openWorker(config, { ...deps, dataConverter, bundlePath: parts.bundlePath });
  }
  // Last: what takes orders must not end because something else did not get through its start.
  if (parts.api) {
    const reconciler = createReconciler(temporal, taskQueue);
    const shared = { database, orders, commands, temporal, codec, reconciler, keys, now };
    api = await openApi(config, { ...shared, crash: parts.crash }).catch(async (error: unknown) => {
      await background?.stop();
      await worker?.stop();
      throw error;
    });
  }

  return {
    database,
    api,
    url: ownUrl(),
    ready: worker?.ready ?? Promise.resolve(),
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

const keysOf = (config: Config): Keys => ({
  operatorKey: config.PREORDER_OPERATOR_KEY,
  supervisorKey: config.PREORDER_SUPERVISOR_KEY,
  tokenSecret: config.PREORDER_TOKEN_SECRET ?? randomBytes(32).toString('hex'),
  https: config.PREORDER_URL?.startsWith('https://') ?? false,
});

function urlOf(config: Config, api: FastifyInstance | undefined): string | undefined {
  const bound = api?.server.address();
  return bound && typeof bound === 'object' ? `http://${config.PREORDER_HOST}:${bound.port}` : undefined;
}

/** Those outside whom the activities call. */
function partnersOf(config: Config, orders: OrderClient) {
  return {
    gateway: createPaymentGateway({
      secretKey: config.STRIPE_SECRET_KEY ?? 'sk_test_sandbox',
      url: config.STRIPE_SECRET_KEY
        ? config.PAYMENT_GATEWAY_URL
        : (config.PAYMENT_GATEWAY_URL ?? 'http://127.0.0.1:8090'),
      timeoutMs: PARTNER_TIMEOUT_MS,
    }),
    partner: createDeliveryPartner({
      url: config.DELIVERY_PARTNER_URL,
      apiKey: config.DELIVERY_PARTNER_API_KEY,
      timeoutMs: PARTNER_TIMEOUT_MS,
    }),
    watchRefund: (...[input, eventId]: Parameters<Deps['watchRefund']>) =>
      orders.refundChanged(input, { eventId }),
  };
}
