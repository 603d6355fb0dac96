import { join } from 'node:path';
import type { Ports } from './types.js';

/**
 * What differs from the server's own defaults on a laptop under a small load test. The defaults are made for
 * clusters where many namespaces share the machine; here one may use all of it.
 */
export const dynamicConfig: Record<string, boolean | number | string> = {
  'frontend.WorkflowTimeSkippingEnabled': true,
  'frontend.WorkflowTimeSkippingMaxSkipPerSession': 10_000,
  'system.forceSearchAttributesCacheRefreshOnRead': true,
  // How long a new namespace or search attribute stays unknown to parts of the server.
  'system.namespaceCacheRefreshInterval': '500ms',
  // An order whose task keeps failing is found after seconds: five failures, the default, take a minute.
  'system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute': 2,
  // A machine that may not reach the internet should not try each hour.
  'frontend.enableServerVersionCheck': false,
  // One machine serves each queue: more partitions only add hops between them.
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  'frontend.rps': 20_000,
  'frontend.namespaceRPS': 20_000,
  // The default of 10 lists a second is less than one console and one test ask for.
  'frontend.namespaceRPS.visibility': 1_000,
  'frontend.namespaceRPS.namespaceReplicationInducingAPIs': 100,
  'frontend.namespaceCount': 10_000,
  'frontend.persistenceMaxQPS': 50_000,
  'history.rps': 50_000,
  'history.persistenceMaxQPS': 50_000,
  'matching.rps': 50_000,
  'matching.persistenceMaxQPS': 50_000,
  'worker.persistenceMaxQPS': 5_000,
  'worker.schedulerNamespaceStartWorkflowRPS': 500,
  'history.maxInFlightUpdates': 100,
  'history.maxTotalUpdates': 10_000,
};

export interface ServerPorts {
  frontend: number;
  history: number;
  matching: number;
  worker: number;
  /** In the order of the four services above. */
  membership: number[];
}

/** JSON is YAML: what the server reads as its YAML files needs no YAML library here. */
export const asYaml = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

export function dynamicConfigFile(): Record<string, { value: boolean | number | string }[]> {
  return Object.fromEntries(Object.entries(dynamicConfig).map(([key, value]) => [key, [{ value }]]));
}

export function serverConfig(dataDir: string, ports: ServerPorts) {
  const rpc = (grpcPort: number, index: number) => ({
    rpc: { grpcPort, membershipPort: ports.membership[index], bindOnLocalHost: true },
  });
  return {
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'default',
      visibilityStore: 'visibility',
      numHistoryShards: 1,
      datastores: {
        default: { sql: sqlite(join(dataDir, 'temporal.db')) },
        visibility: { sql: sqlite(join(dataDir, 'visibility.db')) },
      },
    },
    // A third of the usual: how long it looks for members that are gone, if it cannot have their ports.
    global: { membership: { maxJoinDuration: '10s', broadcastAddress: '127.0.0.1' } },
    services: {
      frontend: rpc(ports.frontend, 0),
      history: rpc(ports.history, 1),
      matching: rpc(ports.matching, 2),
      worker: rpc(ports.worker, 3),
    },
    clusterMetadata: cluster(ports.frontend),
    dcRedirectionPolicy: { policy: 'noop' },
    archival: { history: { state: 'disabled' }, visibility: { state: 'disabled' } },
    dynamicConfigClient: { filepath: join(dataDir, 'dynamic.yaml'), pollInterval: '60s' },
  };
}

function cluster(frontend: number) {
  const active = {
    enabled: true,
    initialFailoverVersion: 1,
    rpcName: 'frontend',
    rpcAddress: `127.0.0.1:${frontend}`,
  };
  return {
    enableGlobalNamespace: false,
    failoverVersionIncrement: 10,
    masterClusterName: 'active',
    currentClusterName: 'active',
    clusterInformation: { active },
  };
}

/** Pragmas shared with the CLI. NORMAL: no fsync per commit, which loses nothing when a process is killed. */
export const pragmas = { journal_mode: 'wal', synchronous: 'normal' };

function sqlite(file: string) {
  return {
    pluginName: 'sqlite',
    databaseName: sqliteUriPath(file),
    connectAddr: 'localhost',
    connectProtocol: 'tcp',
    connectAttributes: { mode: 'rwc', setup: 'true', ...pragmas },
    maxConns: 1,
    maxIdleConns: 1,
  };
}

/** The server puts the name into a `file:` URI as it is. */
function sqliteUriPath(file: string): string {
  return file.replaceAll('%', '%25').replaceAll('?', '%3f').replaceAll('#', '%23');
}

export function uiConfig(ports: Ports, namespace: string, codecEndpoint?: string) {
  return {
    temporalGrpcAddress: `127.0.0.1:${ports.grpc}`,
    host: '127.0.0.1',
    port: ports.ui,
    enableUi: true,
    defaultNamespace: namespace,
    disableNewsFetch: true,
    refreshInterval: '1m',
    // Plain HTTP on loopback: a Secure cookie would not be kept, and every button would be refused.
    cors: { cookieInsecure: true },
    ...(codecEndpoint ? { codec: codec(codecEndpoint, ports) } : {}),
  };
}

/** The UI can pass on a token of its identity provider, which a laptop has none of, or the cookies of this endpoint. */
function codec(endpoint: string, { ui }: Ports) {
  return {
    endpoint,
    includeCredentials: true,
    defaultErrorMessage: `Encrypted. Sign in with the link that npx preorder sign-in prints, and stay on http://127.0.0.1:${ui}.`,
  };
}
