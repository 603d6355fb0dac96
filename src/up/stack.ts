import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { searchAttributes } from '../client/search-attributes.js';
import type { Config } from '../config.js';
import { createApiClient, type ApiClient } from './api-client.js';
import { developmentKeys, writeConnection, type Connection } from './keys.js';
import { startProgram, type Program } from './program.js';
import { choosePort } from './temporal/ports.js';
import { defaultCacheDir, provideTemporal } from './temporal/provide.js';
import type { TemporalHandle } from './temporal/types.js';

export interface Stack {
  connection: Connection;
  api: ApiClient;
  sandbox: ApiClient;
  temporal: TemporalHandle;
  /** API and worker, in one process. */
  server: Program;
  stop(): Promise<void>;
}

export interface StackOptions {
  config: Config;
  dataDir: string;
  say: (line: string) => void;
  /** Begin with empty books. */
  fresh?: boolean;
  env?: Record<string, string>;
}

/** On a server that others may use too, the orders of this data folder keep to a queue of their own. */
function queueFor(configured: string, temporal: TemporalHandle, dataDir: string): string {
  if (temporal.source !== 'found') return configured;
  return `${configured}-${createHash('sha256').update(dataDir).digest('hex').slice(0, 8)}`;
}

/** Everything on one machine: Temporal, the partners' sandbox, the database, the API with its worker. */
export async function startStack({
  config,
  dataDir: folder,
  say,
  fresh,
  env = {},
}: StackOptions): Promise<Stack> {
  const dataDir = resolve(folder);
  const port = await choosePort(config.PREORDER_PORT, 'the API', say);
  const url = `http://${config.PREORDER_HOST}:${port}`;
  const temporal = await provideTemporal({
    ...(config.TEMPORAL_ADDRESS ? { address: config.TEMPORAL_ADDRESS } : {}),
    namespace: config.TEMPORAL_NAMESPACE,
    dataDir: join(dataDir, 'temporal'),
    cacheDir: defaultCacheDir(config.XDG_CACHE_HOME),
    searchAttributes,
    codecEndpoint: `${url}/codec`,
    say,
    ...(fresh ? { fresh } : {}),
  });
  const stops: (() => Promise<void>)[] = [() => temporal.stop()];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    return { ...(await startOurs()), temporal, stop };
  } catch (error) {
    await stop();
    throw error;
  }

  async function startOurs() {
    if (fresh)
      for (const old of ['database', 'sandbox.jsonl'])
        rmSync(join(dataDir, old), { recursive: true, force: true });
    mkdirSync(dataDir, { recursive: true });
    const keys = developmentKeys(dataDir);
    const sandboxPort = await choosePort(8090, 'the sandbox', say);
    const smtpPort = await choosePort(8025, 'the sandbox mail', say);
    const sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
    const all = {
      PREORDER_DATA_DIR: dataDir,
      PREORDER_PORT: String(port),
      PREORDER_URL: url,
      PREORDER_OPERATOR_KEY: config.PREORDER_OPERATOR_KEY ?? keys.operatorKey,
      PREORDER_SUPERVISOR_KEY: config.PREORDER_SUPERVISOR_KEY ?? keys.supervisorKey,
      PREORDER_TOKEN_SECRET: config.PREORDER_TOKEN_SECRET ?? keys.tokenSecret,
      ...(config.PREORDER_PAYLOAD_KEYS ? {} : { PREORDER_PAYLOAD_KEYS: keys.payloadKeys }),
      PREORDER_DEVELOPMENT: 'true',
      PREORDER_TIME_SKIPPING: String(temporal.timeSkipping),
      PREORDER_TEMPORAL_UI: temporal.uiUrl ?? '',
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: temporal.namespace,
      PREORDER_TASK_QUEUE: queueFor(config.PREORDER_TASK_QUEUE, temporal, dataDir),
      DELIVERY_PARTNER_URL: sandboxUrl,
      ...(config.STRIPE_SECRET_KEY ? {} : { PAYMENT_GATEWAY_URL: sandboxUrl }),
      SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
      PREORDER_LOG_LEVEL: 'warn',
      ...env,
    };
    const program = async (role: 'sandbox' | 'api', readyUrl: string): Promise<Program> => {
      const started = await startProgram({ role, env: all, logFile: join(dataDir, `${role}.log`), readyUrl });
      stops.push(() => started.stop());
      return started;
    };
    await program('sandbox', `${sandboxUrl}/_sandbox/health`);
    const server = await program('api', `${url}/health/ready`);
    const operatorKey = all.PREORDER_OPERATOR_KEY;
    const supervisorKey = all.PREORDER_SUPERVISOR_KEY;
    const connection = { url, operatorKey, supervisorKey, sandboxUrl, temporalUi: temporal.uiUrl };
    writeConnection(dataDir, connection);
    say(`API and worker are ready on ${url}, the sandbox on ${sandboxUrl}.`);
    return {
      connection,
      server,
      api: createApiClient(url, operatorKey),
      sandbox: createApiClient(sandboxUrl),
    };
  }
}
