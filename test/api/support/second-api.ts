import { Client, Connection } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createApi } from '../../../src/api/app.js';
import type { ApiDeps } from '../../../src/api/deps.js';
import { watchOrderChanges } from '../../../src/api/order-changes.js';
import { createCommands, type Commands } from '../../../src/client/commands.js';
import { createOrderClient, type OrderClient } from '../../../src/client/order-client.js';
import { createReconciler } from '../../../src/client/reconciliation.js';
import type { Database } from '../../../src/db/database.js';
import { defaultPolicy } from '../../../src/domain/policy.js';
import { testCodec } from '../../support/payload-keys.js';
import { createHttp, type Got, type Http } from './http.js';

export interface SecondApi extends Omit<Http, 'close'> {
  app: FastifyInstance;
  url: string;
  orders: OrderClient;
  commands: Commands;
  /** Every log line, at every level. */
  logs: string[];
  /** As a customer does. */
  place(body: unknown, idempotencyKey: string): Promise<Got>;
  close(): Promise<void>;
}

export const operatorKey = 'pok_test_operator_key_0123456789';
export const tokenSecret = 'a-secret-of-the-tests-0123456789';
export const secrets = { payment: 'whsec_test', delivery: 'delivery-test' };

interface Parts extends Partial<ApiDeps> {
  database: Database;
  temporal: Client;
  taskQueue: string;
  answerWithinMs?: number;
}

/** An API of its own beside the world's, with parts that a test may replace and a log that it can read. */
export async function secondApi({ taskQueue, answerWithinMs = 500, ...parts }: Parts): Promise<SecondApi> {
  const { database, temporal } = parts;
  const now = (): number => Date.now();
  const orders = createOrderClient({ client: temporal, taskQueue, answerWithinMs });
  const commands = createCommands({ db: database.db, orders, now });
  const changes = parts.changes ?? (await watchOrderChanges(database));
  const logs: string[] = [];
  const app = await createApi({
    orders,
    commands,
    changes,
    codec: testCodec,
    keys: { operatorKey, tokenSecret, https: false },
    policy: defaultPolicy,
    approvalLimitMinor: 50_000,
    webhookSecrets: { payment: [secrets.payment], delivery: [secrets.delivery] },
    development: true,
    timeSkipping: false,
    publicUrl: undefined,
    temporalUiUrl: undefined,
    contact: 'orders@shop.example',
    now,
    random: (bytes) => randomBytes(bytes),
    placeWithinMs: 500,
    reconciler: createReconciler(temporal, taskQueue),
    reconcileWithinMs: 500,
    logLevel: 'debug',
    logTo: { write: (line) => void logs.push(line) },
    ...parts,
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const http = createHttp(url, operatorKey);
  const close = async (): Promise<void> => {
    http.close();
    await app.close();
    // The database may be out of reach.
    if (!parts.changes) await changes.close().catch(() => undefined);
  };
  return { app, url, orders, commands, logs, send: (sent) => http.send(sent), place: placingBy(http), close };
}

/** Places as a customer does: without a key of the shop's. */
export const placingBy =
  (http: Http): SecondApi['place'] =>
  (body, idempotencyKey) =>
    http.send({
      method: 'POST',
      path: '/api/orders',
      body,
      headers: { 'idempotency-key': idempotencyKey },
      key: null,
    });

/** A Temporal that nobody can reach. */
export function deadTemporal(): Client {
  return new Client({ connection: Connection.lazy({ address: '127.0.0.1:1' }) });
}
