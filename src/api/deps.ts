import type { Client } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';
import type { Commands } from '../client/commands.js';
import type { OrderClient } from '../client/order-client.js';
import type { Database } from '../db/database.js';
import type { Policy } from '../domain/policy.js';
import type { Keys } from './session.js';
import type { OrderChanges } from './order-changes.js';

export interface ApiDeps {
  database: Database;
  orders: OrderClient;
  commands: Commands;
  temporal: Client;
  codec: PayloadCodec;
  changes: OrderChanges;
  keys: Keys;
  policy: Policy;
  webhookSecrets: { payment: string; delivery: string };
  /** Moving time, and what the sandbox offers: never in production. */
  development: boolean;
  timeSkipping: boolean;
  /** Where people reach this API, when that is not the address it listens on. */
  publicUrl: string | undefined;
  temporalUiUrl: string | undefined;
  now: () => number;
  random: (bytes: number) => Uint8Array;
  /** How long placing an order waits for the workflow before it answers 202. */
  placeWithinMs: number;
  logLevel: string;
  /** Where log lines go instead of standard output. */
  logTo?: { write(line: string): void } | undefined;
}
