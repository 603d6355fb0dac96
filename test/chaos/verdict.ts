import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import { collectFacts, runsOf, type Facts, type OrderFacts } from '../support/facts.js';
import { decrypted } from '../support/payloads.js';
import { textsOf } from '../support/texts.js';
import type { Client, Heard } from './client.js';
import { denied, refusals } from './denial.js';
import { disputes } from './disputes.js';
import { canary, type Story } from './life.js';
import { notices } from './notices.js';
import { secrets, type Stack } from './stack.js';

/** What the invariants over the facts alone do not see: the promises that were given, and what only the run knows. */
export async function judge(stack: Stack, stories: Story[], client: Client): Promise<string[]> {
  const facts = await collectFacts(stack.observed);
  const histories = await historiesOf(stack);
  return [
    ...stories.flatMap((story) => promises(story, facts)),
    ...strangers(facts, await stack.observed.sandbox.books()),
    ...(await partnersBooks(stack, facts)),
    ...client.heard.flatMap(refusals),
    ...(await denied(stack, stories, histories)),
    ...(await untilRight(() => notices(stack))),
    ...(await untilRight(() => disputes(stack))),
    ...(await silence(stack, client, histories)),
  ];
}

const given = (heard: (Heard | undefined)[]): Heard[] => heard.filter((each) => each !== undefined);

/** I8, and that an answer had its effect while no answer had none or all of it (which the invariants check). */
function promises(story: Story, facts: Facts): string[] {
  const mine = facts.orders.filter(({ order }) => order.idempotency_key === story.key);
  const [found] = mine;
  const ids = new Set(given(story.placed).flatMap(({ body }) => body.orderId ?? []));
  const wrong = [
    mine.length > 1 && `I8: ${mine.length} orders under one key`,
    ids.size > 1 && `I8: one key was answered with ${ids.size} orders`,
    ids.size === 1 && !(found && ids.has(found.order.id)) && 'I8: an order that was answered does not exist',
    ...given(story.placed).map((heard) => placing(heard, found, story)),
    ...given(story.otherBody).map((heard) => otherBody(heard, found, story)),
    ...story.commands.map(({ kind, heard }) => found && commanded(kind, heard, found)),
  ];
  return wrong
    .filter((text) => typeof text === 'string')
    .map((text) => text.replace(': ', `: ${found?.order.id ?? story.key}: `));
}

function placing(
  { status, body }: Heard,
  found: OrderFacts | undefined,
  story: Story,
): string | false | undefined {
  // Refusals are not kept: with the next click a unit may have become free.
  const wasAskedOnce = story.placed.length + story.otherBody.length === 1;
  if (status === 201 || status === 202)
    return !found && `I8: placing was answered ${status}, and there is no order`;
  if (status === 402)
    return found?.order.status !== 'rejected' && `I8: declined, and the order is ${found?.order.status}`;
  if (status === 409) return found && wasAskedOnce && `I8: refused (${body.code}), and there is an order`;
  // Another body under this key came first.
  if (status === 422 && found && found.order.quantity !== story.life.quantity) return false;
  return status < 500 && `I8: placing was answered ${status} ${body.code}`;
}

/** The same key with another quantity: refused, unless it was the first that came through. */
function otherBody({ status }: Heard, found: OrderFacts | undefined, { life }: Story): string | false {
  const first = found?.order.quantity === life.quantity;
  return first && status < 400 && `I8: another body under the same key was answered ${status}`;
}

function commanded(kind: string, heard: Heard | undefined, o: OrderFacts): string | false {
  const { status, cancel_reason: reason } = o.order;
  if (heard?.body.answer !== 'accepted') return false;
  const troubles = ['transit_silent', 'delivery_failed', 'returned'];
  const troubled = o.attention.some((call) => troubles.includes(call.reason));
  switch (kind) {
    case 'cancel':
      // In an exception the customer's cancel waits for the person's decision; a delivery may be faster.
      return (
        !['cancelled', 'rejected'].includes(status) &&
        !troubled &&
        `I4: a cancel was accepted, and the order is ${status}`
      );
    case 'start-fulfillment':
      return o.fulfillments.length === 0 && reason === 'deadline' && 'I4: started, and the deadline won';
    case 'item-picked':
      return o.reservation.status !== 'consumed' && `I4: picked up, and the unit is ${o.reservation.status}`;
    case 'confirm-delivery':
      return status !== 'completed' && `I4: delivery was confirmed, and the order is ${status}`;
    default:
      return false;
  }
}

/** I1 at the gateway: money of orders that we do not know of. */
function strangers(facts: Facts, books: { orderId: string | null; chargedMinor: number }[]): string[] {
  const known = new Set(facts.orders.map(({ order }) => order.id));
  return books
    .filter(({ orderId, chargedMinor }) => chargedMinor > 0 && !known.has(orderId ?? ''))
    .map(({ orderId }) => `I1: ${orderId}: charged, and there is no such order`);
}

/** I4 and I5 in the partner's books: nothing is delivered that was undone, and nothing twice. */
async function partnersBooks({ observed }: Stack, { orders }: Facts): Promise<string[]> {
  const shipments = await observed.sandbox.shipments('');
  return orders.flatMap(({ order, fulfillments, reservation }) => {
    const own = shipments.filter(({ reference }) => reference.startsWith(`${order.id}:`));
    const live = own.filter(({ status }) => ['submitted', 'accepted'].includes(status));
    const undone = order.status === 'cancelled' && reservation.status === 'released';
    return [
      undone &&
        live.length > 0 &&
        `I5: ${order.id}: cancelled, and the partner still has ${live[0]?.reference}`,
      live.length > 1 && `I4: ${order.id}: ${live.length} live shipments at the partner`,
      own.length > fulfillments.length &&
        `I4: ${order.id}: ${own.length} shipments at the partner, ${fulfillments.length} known here`,
    ].filter((text) => text !== false);
  });
}

/** What is on its way may take a minute; answers what is still wrong then. */
export async function untilRight(look: () => Promise<string[]>): Promise<string[]> {
  const until = Date.now() + 60_000;
  for (;;) {
    const wrong = await look();
    if (wrong.length === 0 || Date.now() > until) return wrong;
    await sleep(500);
  }
}

/** By workflow id, of every run. */
export type Histories = [workflowId: string, History][];

async function historiesOf({ observed }: Stack): Promise<Histories> {
  const histories: Histories = [];
  for (const { workflowId, runId } of await runsOf(observed))
    histories.push([
      workflowId,
      await observed.temporal.workflow.getHandle(workflowId, runId).fetchHistory(),
    ]);
  return histories;
}

/** I10: names, addresses, keys in no history, no log, no error; in a history not even for whoever can decrypt it. */
async function silence({ logFiles }: Stack, { heard }: Client, histories: Histories): Promise<string[]> {
  const clear: string[] = [];
  for (const [, history] of histories) clear.push(...(await decrypted(history)));
  const errors = heard.filter(({ status }) => status >= 400).map(({ text }) => text);
  const places = [
    ...logFiles.map((file) => [file, readFileSync(file, 'utf8')] as const),
    ['the errors that people are shown', errors.join('\n')] as const,
    ...histories.map(([workflowId, history]) => [workflowId, textsOf(history)] as const),
    ['the decrypted histories', clear.join('\n')] as const,
  ];
  const words = [...Object.values(canary), ...Object.values(secrets), 'pm_card_', 'pot_'];
  return places.flatMap(([where, text]) =>
    words.filter((word) => text.includes(word)).map((word) => `I10: "${word}" stands in ${where}`),
  );
}
