import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import type { Reconciliation } from '../../src/contract/reconciliation.js';
import type { World } from './world.js';
import { eventually } from './eventually.js';

export type Found = Reconciliation['findings'][number];

/** A run from its beginning to its end. */
export async function reconcile(world: World): Promise<Reconciliation> {
  let { body } = await world.call<Reconciliation>('POST', '/api/reconciliation/run');
  while (body.run?.outcome === 'running')
    ({ body } = await world.call<Reconciliation>('GET', '/api/reconciliation'));
  expect([body.run?.outcome, body.run?.failed]).toEqual(['complete', []]);
  return body;
}

/** What a run says of one subject: `kind: detail`. */
export async function findingsOf(world: World, subject: string): Promise<string[]> {
  const { findings } = await reconcile(world);
  return findings
    .filter((found) => found.subject === subject)
    .map(({ kind, detail }) => `${kind}: ${detail}`);
}

export const kindsOf = async (world: World, subject: string): Promise<string[]> =>
  (await findingsOf(world, subject)).map((line) => line.split(':')[0] ?? '');

export async function terminate(world: World, workflowId: string): Promise<void> {
  const run = world.temporal.workflow.getHandle(workflowId);
  await run.terminate('by the test');
  await eventually(async () => (await run.describe()).status.name === 'TERMINATED');
}

/** From now on whatever the gateway tells is lost on its way. Answers how to close the hole in which it is lost. */
export async function loseWebhooks(world: World): Promise<() => void> {
  const hole = createServer((_request, response) => void response.writeHead(204).end());
  await new Promise<void>((resolve) => hole.listen(0, '127.0.0.1', resolve));
  const { port } = hole.address() as AddressInfo;
  await world.sandbox.ask('PUT', '/webhooks', { payment: `http://127.0.0.1:${port}/` });
  return () => void hole.close();
}

/** What docs/operations.md says to do about an order whose workflow was terminated. */
export async function reset(world: World, workflowId: string): Promise<void> {
  const run = world.temporal.workflow.getHandle(workflowId);
  const { runId } = await run.describe();
  const { events } = await run.fetchHistory();
  const last = events?.findLast((event) => event.workflowTaskCompletedEventAttributes);
  await world.temporal.workflowService.resetWorkflowExecution({
    namespace: world.temporal.options.namespace,
    workflowExecution: { workflowId, runId },
    reason: 'terminated by mistake',
    workflowTaskFinishEventId: last?.eventId,
    requestId: randomUUID(),
  });
}

/** Stripe's own API at the sandbox, as somebody with the shop's key would use it. */
export async function atGateway<T>(world: World, path: string, form: Record<string, string>): Promise<T> {
  const response = await fetch(`${world.sandbox.url}/v1${path}`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_sandbox', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** A charge that no order asked for. */
export async function chargedByHand(
  world: World,
  form: { amount: number; currency?: string; orderId?: string },
): Promise<string> {
  const { id } = await atGateway<{ id: string }>(world, '/payment_intents', {
    amount: String(form.amount),
    currency: form.currency ?? 'usd',
    payment_method: 'pm_card_visa',
    confirm: 'true',
    ...(form.orderId ? { 'metadata[order_id]': form.orderId } : {}),
  });
  return id;
}
