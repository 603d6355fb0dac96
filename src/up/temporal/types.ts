import type { ConnectionOptions } from '@temporalio/client';

export type Say = (line: string) => void;
export type SearchAttributeType = 'Keyword' | 'Bool' | 'Datetime' | 'Int';
export type TemporalSource = 'configured' | 'found' | 'cli' | 'sdk-download' | 'built';

export interface TemporalOptions {
  /** TEMPORAL_ADDRESS, when the user set one. Such a server is never started or stopped by us. */
  address?: string;
  /** What a configured address needs besides: TLS, API key. */
  connection?: Omit<ConnectionOptions, 'address'>;
  namespace: string;
  /** Where SQLite files, generated configuration, logs and the pid file go. */
  dataDir: string;
  /** Preferred ports, 7233 and 8233 unless said otherwise; others are taken when these are not free. */
  ports?: { grpc?: number; ui?: number };
  /** Where built or downloaded programs are kept; `defaultCacheDir()` unless said otherwise. */
  cacheDir?: string;
  retentionDays?: number;
  /** Where the Web UI has payloads decrypted, for those who may see them. */
  codecEndpoint?: string;
  searchAttributes?: Record<string, SearchAttributeType>;
  say: Say;
  /** Forget everything an earlier run left in dataDir. */
  fresh?: boolean;
  /** Use a server that already listens on the preferred port (default true). */
  allowFound?: boolean;
}

export interface TemporalHandle {
  readonly address: string;
  readonly namespace: string;
  readonly uiUrl: string | undefined;
  readonly source: TemporalSource;
  readonly timeSkipping: boolean;
  readonly serverVersion: string;
  /** Of the server process, when we started it; changes with `restart()`. */
  readonly pid?: number;
  /** Stops what we started, and nothing else. */
  stop(): Promise<void>;
  /** kill -9 and start again on the same data and ports; only for servers we started. */
  restart?(): Promise<void>;
}

export interface Ports {
  grpc: number;
  ui: number;
}

/** One process of a program. */
export interface ProcessPlan {
  name: string;
  command: string;
  args: string[];
  logFile: string;
  /** The whole environment; ours when left out. */
  env?: NodeJS.ProcessEnv;
  /** A program of our own: it stops by itself when we are gone, told by the closed channel. */
  ipc?: boolean;
}

/** A way to run a Temporal server here. */
export interface Program {
  source: TemporalSource;
  /** Writes what the processes read, and says how to start them. */
  plan(ports: Ports, options: TemporalOptions): Promise<[server: ProcessPlan, ...others: ProcessPlan[]]>;
}
