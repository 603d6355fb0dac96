import type { Writable } from 'node:stream';

/** All that the command line takes from the world around it. */
export interface CliEnvironment {
  /** Where the API is; wins over connection.json. */
  url?: string;
  operatorKey?: string;
  supervisorKey?: string;
  sandboxUrl?: string;
  /** Holds connection.json and last-order; relative to `cwd`. */
  dataDir: string;
  cwd: string;
  stdout: Writable;
  stderr: Writable;
  /** Whether stdout is a terminal: tables are then fitted to it, and `watch` redraws. */
  isTTY: boolean;
  columns: number;
  color: boolean;
  version: string;
  /** How a person calls this program, in every hint: `npx preorder`. */
  program?: string;
}
