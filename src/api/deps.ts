import type { Client } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';
import type { Commands } from '../client/commands.js';
import type { OrderClient } from '../client/order-client.js';
import type { Source } from '../db/inbox.js';
import type { Reconciler } from '../client/reconciliation.js';
import type { Database } from '../db/database.js';
import type { Policy } from '../domain/policy.js';
import type { RateLimits } from './rate-limits.js';
import type { Keys } from './session.js';
import type { OrderChanges } from './order-changes.js';

export interface ApiDeps {
  database: Database;
  orders: OrderClient;
  commands: Commands;
  temporal: Client;
  codec: PayloadCodec;
  reconciler: Reconciler;
  changes: OrderChanges;
  keys: Keys;
  policy: Policy;
  /** Above it, two persons decide what is given away; minor units of the order's currency. */
  approvalLimitMinor: number;
  /** Any of each is accepted: two while they are rotated. */
  webhookSecrets: Record<Source, string[]>;
  /** Moving time, and what the sandbox offers: never in production. */
  development: boolean;
  timeSkipping: boolean;
  /** Where people reach this API, when that is not the address it listens on. */
  publicUrl: string | undefined;
  temporalUiUrl: string | undefined;
  /** Where the built console is; without it there is none. */
  consoleFolder?: string | undefined;
  /** Of the partners' sandbox, in development. */
  sandboxUrl?: string | undefined;
  /** Development: ends this process as a crash would, where somebody starts it again. */
  crash?: (() => void) | undefined;
  /** The mail address that customers may write to. */
  contact: string;
  now: () => number;
  random: (bytes: number) => Uint8Array;
  /** Without: nothing is counted. */
  rateLimits?: RateLimits | undefined;
  /** Addresses of proxies whose X-Forwarded-For is believed. */
  trustProxy?: string | undefined;
  /** How long a request's headers, and all of it, may take to arrive. */
  timeouts?: { headersMs: number; requestMs: number };
  /** How often a stream of events shows that it lives, and that whoever reads it still may; 15 s. */
  heartbeatMs?: number;
  auditing?: { refusalsPerMinute?: number; retryAfterMs?: number };
  /** How long placing an order waits for the workflow before it answers 202. */
  placeWithinMs: number;
  /** How long a call waits for a reconciliation before it answers 202. */
  reconcileWithinMs: number;
  /** Development: how long a call waits for an order's clock to be moved; a minute. */
  moveWithinMs?: number;
  logLevel: string;
  /** Where log lines go instead of standard output. */
  logTo?: { write(line: string): void } | undefined;
}
