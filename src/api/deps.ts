import type { Client } from '@temporalio/client';
import type { Commands } from '../client/commands.js';
import type { OrderClient } from '../client/order-client.js';
import type { Reconciler } from '../client/reconciliation.js';
import type { Database } from '../db/database.js';
import type { Policy } from '../domain/policy.js';
import type { Keys } from './auth.js';
import type { OrderChanges } from './order-changes.js';

export interface ApiDeps {
  database: Database;
  orders: OrderClient;
  commands: Commands;
  temporal: Client;
  reconciler: Reconciler;
  changes: OrderChanges;
  keys: Keys;
  policy: Policy;
  webhookSecrets: { payment: string; delivery: string };
  /** Moving time, and what the sandbox offers: never in production. */
  development: boolean;
  timeSkipping: boolean;
  temporalUiUrl: string | undefined;
  now: () => number;
  random: (bytes: number) => Uint8Array;
  /** How long placing an order waits for the workflow before it answers 202. */
  placeWithinMs: number;
  /** How long a call waits for a reconciliation before it answers 202. */
  reconcileWithinMs: number;
  logLevel: string;
  /** Where log lines go instead of standard output. */
  logTo?: { write(line: string): void } | undefined;
}
