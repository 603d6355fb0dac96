import { Connection } from '@temporalio/client';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { temporalClient } from '../../src/client/connection.js';
import { searchAttributes } from '../../src/client/search-attributes.js';
import { openDatabase } from '../../src/db/database.js';
import { freePorts } from '../../src/up/temporal/ports.js';
import { defaultCacheDir, provideTemporal } from '../../src/up/temporal/provide.js';
import type { TemporalHandle } from '../../src/up/temporal/types.js';
import { createCaller, type Caller } from '../support/caller.js';
import type { Observed } from '../support/facts.js';
import { testDataConverter, testPayloadKeys } from '../support/payload-keys.js';
import { createPostgresServer, type PostgresServer } from '../support/postgres-server.js';
import { createSandboxControls } from '../support/sandbox-controls.js';
import type { ClusterNode } from './cluster/node.js';
import type { NodeName } from './cluster/config.js';
import { startCluster } from './cluster/start.js';
import { createProxy, type Proxy } from './proxy.js';
import { supervise, type Supervised } from './supervised.js';

export const processNames = ['api-1', 'api-2', 'worker', 'sandbox'] as const;
export type ProcessName = (typeof processNames)[number];
export const linkNames = ['postgres', 'temporal', 'partners', 'mail', 'front'] as const;
export type LinkName = (typeof linkNames)[number];

export const secrets = {
  operatorKey: 'pok_chaos_operator_key_0123456789',
  supervisorKey: 'psk_chaos_supervisor_key_0123456789',
  tokenSecret: 'a-secret-of-the-chaos-run-0123456789',
  payment: 'whsec_chaos_0123456789',
  delivery: 'delivery-chaos-0123456789',
};

/** One server, or a cluster of nodes. */
export interface Temporal extends Pick<TemporalHandle, 'address' | 'namespace' | 'timeSkipping' | 'stop'> {
  readonly pid?: number;
  restart?(): Promise<void>;
  nodes?: Record<NodeName, ClusterNode>;
}

/** The whole system in real processes, with a proxy on every way between them. */
export interface Stack {
  processes: Record<ProcessName, Supervised>;
  temporal: Temporal;
  postgres: PostgresServer;
  links: Record<LinkName, Proxy>;
  /** Where customers and people call: either of the two APIs, through a proxy. */
  frontUrl: string;
  /** Past every proxy, for whoever judges. */
  observed: Observed;
  direct: Caller;
  /** The second person, for what one alone may not decide. */
  supervisor: Caller;
  logFiles: string[];
  stop(): Promise<void>;
}

export const reminderMs = 10_000;

/** Short, so that the calls for a person, the reminders and the reconciler take part. */
const policy = {
  PREORDER_PARTNER_SILENCE: '20s',
  PREORDER_UNDO_ALARM: '10s',
  PREORDER_PICKUP_REMINDER: `${reminderMs / 1_000}s`,
  PREORDER_RECONCILE_EVERY: '30s',
};

export async function startStack(
  folder: string,
  say: (line: string) => void,
  cluster = false,
): Promise<Stack> {
  mkdirSync(folder, { recursive: true });
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  const owned = <T>(part: T, end: (part: T) => Promise<unknown>): T => {
    stops.push(async () => void (await end(part).catch((error: unknown) => say(String(error)))));
    return part;
  };
  try {
    return { ...(await startParts(folder, say, owned, cluster)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Owned = <T>(part: T, end: (part: T) => Promise<unknown>) => T;

async function startParts(folder: string, say: (line: string) => void, owned: Owned, cluster: boolean) {
  const postgres = owned(await createPostgresServer(), (server) => server.stop());
  const options = {
    namespace: 'default',
    dataDir: join(folder, 'temporal'),
    cacheDir: defaultCacheDir(process.env.XDG_CACHE_HOME),
    searchAttributes,
    say,
  };
  const [grpc = 0, ui = 0, one = 0, two = 0, sandboxPort = 0, smtpPort = 0] = await freePorts(6);
  const temporal: Temporal = owned(
    await (cluster
      ? startCluster(postgres.url, options)
      : provideTemporal({ ...options, ports: { grpc, ui }, allowFound: false })),
    (server) => server.stop(),
  );
  const proxyTo = async (...upstreams: number[]): Promise<Proxy> =>
    owned(await createProxy(upstreams), (proxy) => proxy.close());
  const links = {
    postgres: await proxyTo(postgres.port),
    temporal: await proxyTo(Number(temporal.address.split(':')[1])),
    partners: await proxyTo(sandboxPort),
    mail: await proxyTo(smtpPort),
    front: await proxyTo(one, two),
  };
  const at = (port: number): string => `http://127.0.0.1:${port}`;
  const frontUrl = at(links.front.port);
  const env = {
    ...policy,
    PREORDER_DATA_DIR: folder,
    PREORDER_URL: frontUrl,
    PREORDER_OPERATOR_KEY: secrets.operatorKey,
    PREORDER_SUPERVISOR_KEY: secrets.supervisorKey,
    PREORDER_TOKEN_SECRET: secrets.tokenSecret,
    PREORDER_PAYLOAD_KEYS: testPayloadKeys,
    PREORDER_RATE_LIMITS: 'false',
    PREORDER_DEVELOPMENT: 'true',
    PREORDER_TIME_SKIPPING: String(temporal.timeSkipping),
    PREORDER_LOG_LEVEL: 'warn',
    STRIPE_WEBHOOK_SECRET: secrets.payment,
    DELIVERY_WEBHOOK_SECRET: secrets.delivery,
    STRIPE_SECRET_KEY: '',
    DATABASE_URL: postgres.url.replace(`:${postgres.port}/`, `:${links.postgres.port}/`),
    TEMPORAL_ADDRESS: `127.0.0.1:${links.temporal.port}`,
    TEMPORAL_NAMESPACE: temporal.namespace,
    PAYMENT_GATEWAY_URL: at(links.partners.port),
    DELIVERY_PARTNER_URL: at(links.partners.port),
    SMTP_URL: `smtp://127.0.0.1:${links.mail.port}`,
  };
  const logOf = (name: ProcessName): string => join(folder, `${name}.log`);
  const program = async (
    name: ProcessName,
    role: 'api' | 'worker' | 'sandbox',
    more: Record<string, string>,
    readyUrl?: string,
  ): Promise<Supervised> => {
    const started = await supervise({
      role,
      env: { ...env, ...more },
      logFile: logOf(name),
      ...(readyUrl ? { readyUrl } : {}),
    });
    return owned(started, (process) => process.stop());
  };
  const api = (name: ProcessName, port: number) =>
    program(name, 'api', { PREORDER_PORT: String(port) }, `${at(port)}/health/ready`);

  const database = owned(await openDatabase({ url: postgres.url, poolSize: 4 }), (open) => open.close());
  const sandboxUrl = at(sandboxPort);
  const processes = {
    sandbox: await program(
      'sandbox',
      'sandbox',
      { DELIVERY_PARTNER_URL: sandboxUrl, SMTP_URL: `smtp://127.0.0.1:${smtpPort}` },
      `${sandboxUrl}/_sandbox/health`,
    ),
    'api-1': await api('api-1', one),
    'api-2': await api('api-2', two),
    worker: await program('worker', 'worker', {}),
  };
  const connection = owned(await Connection.connect({ address: temporal.address }), (open) => open.close());
  const direct = createCaller(at(one), secrets.operatorKey);
  const supervisor = createCaller(at(one), secrets.supervisorKey);
  const observed: Observed = {
    database,
    temporal: temporalClient(connection, temporal.namespace, testDataConverter),
    sandbox: createSandboxControls(sandboxUrl),
    taskQueue: 'preorder',
    order: (id) => direct.order(id),
  };
  const logFiles = (['api-1', 'api-2', 'worker'] as const).map(logOf);
  return { processes, temporal, postgres, links, frontUrl, observed, direct, supervisor, logFiles };
}
