import { Client, Connection, type ConnectionLike } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { loadClientConnectConfig } from '@temporalio/envconfig';

export interface TemporalOptions {
  address: string;
  namespace: string;
}

/** TEMPORAL_* settings (TLS, API key, profile) as every Temporal tool reads them; `address` wins when it is given. */
export function connectionOptions(options: TemporalOptions) {
  const { connectionOptions } = loadClientConnectConfig();
  return { ...connectionOptions, address: options.address };
}

export async function connectTemporal(options: TemporalOptions): Promise<Connection> {
  return Connection.connect({ ...connectionOptions(options), connectTimeout: '10s' });
}

export function temporalClient(
  connection: ConnectionLike,
  namespace: string,
  dataConverter: DataConverter,
): Client {
  return new Client({ connection, namespace, dataConverter });
}
