import { Client, Connection, type ConnectionLike } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { loadClientConnectConfig } from '@temporalio/envconfig';

export interface TemporalOptions {
  address: string | undefined;
  namespace: string;
}

/** TEMPORAL_* settings (TLS, API key, profile) as every Temporal tool reads them; `address` wins when it is given. */
export function connectionOptions(options: TemporalOptions) {
  const { connectionOptions } = loadClientConnectConfig();
  return { ...connectionOptions, address: options.address ?? connectionOptions.address ?? 'localhost:7233' };
}

export async function connectTemporal(options: TemporalOptions): Promise<Connection> {
  return Connection.connect({ ...connectionOptions(options), connectTimeout: '10s' });
}

/** Connects at its first call, and again after a break: whoever holds it may start before Temporal does. */
export function lazyConnection(options: TemporalOptions): Connection {
  return Connection.lazy(connectionOptions(options));
}

export function temporalClient(
  connection: ConnectionLike,
  namespace: string,
  dataConverter: DataConverter,
): Client {
  return new Client({ connection, namespace, dataConverter });
}
