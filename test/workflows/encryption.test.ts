import type { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { NativeConnection } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createDataConverter } from '../../src/codec/data-converter.js';
import { makePayloadKey, parsePayloadKeys } from '../../src/codec/keys.js';
import { createPayloadCodec } from '../../src/codec/payload-codec.js';
import { temporalClient } from '../../src/client/connection.js';
import { createWorkflowView } from '../../src/client/workflow-view.js';
import { createDeliveryPartner } from '../../src/integrations/delivery-partner.js';
import { createPaymentGateway } from '../../src/integrations/payment-gateway.js';
import { startWorker, type RunningWorker } from '../../src/worker/create-worker.js';
import { inTransit, placed } from '../support/flows.js';
import { encodingOf, failuresOf, payloadsOf } from '../support/payloads.js';
import { failureConverterPath } from '../support/payload-keys.js';
import { bundlePath, type History } from '../support/replay.js';
import { createWorld, type World } from '../support/world.js';
import { secondApi } from '../api/support/second-api.js';
import { orderBody } from '../api/support/orders.js';

let world: World;
beforeAll(async () => {
  world = await createWorld({}, { split: true });
});
afterAll(() => world.close());

/** Straight from the server's own service: what Temporal keeps, and an operator of Temporal can read. */
async function rawHistory(workflowId: string): Promise<History> {
  const { history } = await world.temporal.workflowService.getWorkflowExecutionHistory({
    namespace: world.temporal.options.namespace,
    execution: { workflowId },
    maximumPageSize: 1000,
  });
  return history ?? {};
}

/** Of each local activity the SDK's core notes when it ran, past every converter, and nothing of what it was told. */
const sdkNotes = [
  'seq',
  'attempt',
  'activity_id',
  'activity_type',
  'complete_time',
  'backoff',
  'original_schedule_time',
];

describe('what Temporal keeps of an order', () => {
  it('is encrypted, every payload of every event', async () => {
    const match = { target: 'delivery-partner', operation: 'create_shipment', kind: 'error_500', times: 2 };
    await world.sandbox.fault(match);
    const id = await inTransit(world);
    await world.command(id, 'confirm-delivery');
    await world.untilStatus(id, 'completed');
    await world.temporal.workflow.getHandle(`order-${id}`).result();
    for (const workflowId of [`order-${id}`, `delivery-${id}`]) {
      const payloads = payloadsOf(await rawHistory(workflowId));
      const encrypted = payloads.filter((payload) => encodingOf(payload) === 'binary/encrypted');
      expect(encrypted.length).toBeGreaterThan(5);
      const clear = payloads.filter((payload) => !encrypted.includes(payload));
      for (const { data } of clear) expect(Object.keys(JSON.parse(String(data)) as object)).toEqual(sdkNotes);
      const bytes = payloads.map(({ data }) => Buffer.from(data ?? []).toString('latin1')).join('\n');
      expect(bytes).not.toContain(id);
    }
  });

  it('has no failure whose message or stack trace can be read', async () => {
    const id = await placed(world, { zip: '00000' });
    await world.command(id, 'start-fulfillment');
    await world.untilStatus(id, 'cancelled');
    await world.temporal.workflow.getHandle(`order-${id}`).result();
    const failures = failuresOf(await rawHistory(`order-${id}`));
    expect(failures.length).toBeGreaterThan(0);
    for (const failure of failures)
      expect(failure).toMatchObject({ message: 'Encoded failure', stackTrace: '' });
  });

  it('hides summary and present chapter too, which the Web UI shows', async () => {
    const id = await placed(world);
    const handle = world.temporal.workflow.getHandle(`order-${id}`);
    const { raw, staticSummary } = await handle.describe();
    const metadata = payloadsOf(raw.executionConfig?.userMetadata);
    expect(metadata.map(encodingOf)).toEqual(['binary/encrypted', 'binary/encrypted']);
    expect(await staticSummary()).toContain(id);
    const { queryResult } = await world.temporal.workflowService.queryWorkflow({
      namespace: world.temporal.options.namespace,
      execution: { workflowId: `order-${id}` },
      query: { queryType: '__temporal_workflow_metadata' },
    });
    expect(payloadsOf(queryResult).map(encodingOf)).toEqual(['binary/encrypted']);
  });
});

/** A worker of this world's orders with other keys, or with none. */
async function workerWith(dataConverter: DataConverter): Promise<RunningWorker & { close(): Promise<void> }> {
  const { address, namespace } = inject('temporal');
  const connection = await NativeConnection.connect({ address });
  const { url } = world.sandbox;
  const deps = {
    db: world.database.db,
    gateway: createPaymentGateway({ secretKey: 'sk_test_sandbox', url, timeoutMs: 2_500 }),
    partner: createDeliveryPartner({ url, apiKey: 'sandbox', timeoutMs: 2_500 }),
    workflows: createWorkflowView(world.temporal, world.taskQueue),
    watchRefund: async () => undefined,
  };
  const settings = { connection, namespace, taskQueue: world.taskQueue, bundlePath, dataConverter };
  const worker = await startWorker({ ...settings, buildId: 'test' }, deps);
  return { ...worker, close: async () => (await worker.stop(), await connection.close()) };
}

/** Through an API whose client encrypts nothing. */
async function placedBy(temporal: Client): Promise<string> {
  const { database, taskQueue } = world;
  const api = await secondApi({
    database,
    temporal,
    taskQueue,
    placeWithinMs: 10_000,
    answerWithinMs: 10_000,
  });
  const body = orderBody(await world.addProduct());
  const headers = { 'idempotency-key': randomUUID() };
  const reply = await api.send({ method: 'POST', path: '/api/orders', body, headers });
  await api.close();
  expect(reply.status).toBe(201);
  return String(reply.body.orderId);
}

async function untilTaskFails(workflowId: string): Promise<void> {
  for (;;) {
    const { events } = await rawHistory(workflowId);
    if (events?.some((event) => event.workflowTaskFailedEventAttributes)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('an order', () => {
  it('that was started before payloads were encrypted goes on, encrypted from then', async () => {
    await world.stopWorker();
    const before = await workerWith({});
    const { namespace } = world.temporal.options;
    const client = temporalClient(world.temporal.connection, namespace, {});
    const id = await placedBy(client);
    await before.close();
    expect(payloadsOf(await rawHistory(`order-${id}`)).map(encodingOf)).not.toContain('binary/encrypted');

    await world.startWorker();
    await world.command(id, 'cancel');
    await world.untilStatus(id, 'cancelled');
    await world.temporal.workflow.getHandle(`order-${id}`).result();
    const encodings = payloadsOf(await rawHistory(`order-${id}`)).map(encodingOf);
    expect(encodings.at(0)).toBe('json/plain');
    expect(encodings.at(-1)).toBe('binary/encrypted');
  });

  it('whose key is missing waits unharmed, and goes on when the key is back', async () => {
    const id = await placed(world);
    await world.stopWorker();
    const other = createDataConverter(
      createPayloadCodec(parsePayloadKeys(makePayloadKey('other'))),
      failureConverterPath,
    );
    const without = await workerWith(other);
    const reply = world.command(id, 'cancel');
    await untilTaskFails(`order-${id}`);
    await without.close();
    await world.startWorker();
    expect((await reply).status).toBeLessThan(300);
    await world.untilStatus(id, 'cancelled');
  });
});
