import { dynamicConfigFile, serverConfig } from '../../../src/up/temporal/config.js';

/** The processes of the cluster, and the service that each is. */
export const nodes = {
  frontend: 'frontend',
  'history-1': 'history',
  'history-2': 'history',
  'matching-1': 'matching',
  'matching-2': 'matching',
  'temporal-worker': 'worker',
} as const;
export type NodeName = keyof typeof nodes;

export const nodeNames = Object.keys(nodes) as [NodeName, ...NodeName[]];

/** By the names of their schemas. */
export const databases = { temporal: 'temporal', visibility: 'temporal_visibility' };

export interface NodePorts {
  grpc: number;
  membership: number;
}

/** What one process reads: as on a laptop, but on PostgreSQL, and the nodes find each other through it. */
export function nodeConfig(folder: string, own: NodePorts, frontend: number, url: string) {
  // Each node must know of every service, and takes the ports of its own alone.
  const ports = { frontend, history: own.grpc, matching: own.grpc, worker: own.grpc };
  const config = serverConfig(folder, {
    ...ports,
    membership: Array.from({ length: 4 }, () => own.membership),
  });
  return {
    ...config,
    log: { stdout: true, level: 'warn' },
    persistence: {
      ...config.persistence,
      // Both history nodes own some of them.
      numHistoryShards: 4,
      datastores: {
        default: { sql: postgres(url, databases.temporal, 12) },
        visibility: { sql: postgres(url, databases.visibility, 4) },
      },
    },
  };
}

/** Partitioned queues as by default, so that both matching nodes hold some of each. */
export function clusterDynamicConfig() {
  const partitions = /^matching\.numTaskqueue(Read|Write)Partitions$/;
  return Object.fromEntries(Object.entries(dynamicConfigFile()).filter(([key]) => !partitions.test(key)));
}

function postgres(url: string, databaseName: string, connections: number) {
  const { host, username } = new URL(url);
  return {
    ...{ pluginName: 'postgres12', databaseName, connectAddr: host, connectProtocol: 'tcp', user: username },
    ...{ maxConns: connections, maxIdleConns: connections },
  };
}
