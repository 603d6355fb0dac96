import {
  commandAnswered,
  countCommands,
  findCommand,
  keepCommand,
  openCommands,
  type Command,
} from '../db/commands.js';
import { acknowledgeFindings } from '../db/findings.js';
import type { Db } from '../db/database.js';
import { snapshotOf } from '../db/snapshots.js';
import { reshipRefusal, settledCancelAnswer, startRefusal } from '../domain/cancel.js';
import type { AttentionReason } from '../domain/attention.js';
import type { OrderAction } from '../domain/lifecycle.js';
import type { Actor, CancelRequest, OrderSnapshot } from '../domain/order.js';
import type { Resolution } from '../workflows/messages.js';
import { AskedTooOftenError, NotAllowedError, NotConfirmedError, NotRunningError } from './errors.js';
import type { OrderClient } from './order-client.js';

export interface Answer {
  answer: 'accepted' | 'pending_partner' | 'rejected' | 'not_confirmed';
  message: string;
}

/** A person's wish for an order. `id` makes a repeat harmless. */
export interface Wish {
  id: string;
  kind: OrderAction;
  orderId: string;
  actor: Actor;
  /** `reason`: the call that is meant, when somebody says so. */
  resolution?: { action: Resolution['action']; reference?: string; reason?: AttentionReason };
  /** The call that it answers. */
  call?: AttentionReason;
}

/**
 * An accepted update stays in its workflow's history, which has to last for months; Temporal takes 2,000 of one workflow.
 * Whoever holds an order's link may ask for something so often, then the shop's people still can.
 */
const MOST_OF_A_CUSTOMER = 25;

export interface Commands {
  /**
   * Refuses what the facts refuse, without a trace; keeps the rest before a workflow is asked, so that nothing is lost
   * when Temporal is down: the answer is then `not_confirmed`, and the wish is carried out later. Throws
   * AskedTooOftenError.
   */
  run(wish: Wish): Promise<Answer>;
  /** Asks again for every wish that has no answer yet. */
  resume(olderThan: number): Promise<number>;
}

export function createCommands(deps: { db: Db; orders: OrderClient; now: () => number }): Commands {
  const { db, orders, now } = deps;

  async function ask(wish: Wish): Promise<Answer> {
    const { orderId, id, actor } = wish;
    switch (wish.kind) {
      case 'cancel': {
        const reason: CancelRequest['reason'] = actor.kind === 'customer' ? 'customer' : 'merchant';
        return orders.cancelOrder(orderId, id, { reason, by: actor });
      }
      case 'start-fulfillment': {
        const { message } = await orders.startFulfillment(orderId, id, actor);
        return { answer: 'accepted', message };
      }
      case 'item-picked':
        await orders.confirmPickup(orderId, id, actor);
        return { answer: 'accepted', message: 'The item is on its way.' };
      case 'confirm-delivery':
        await orders.confirmDelivery(orderId, id, actor);
        return { answer: 'accepted', message: delivered };
      case 'resolve': {
        if (!wish.resolution) throw new NotAllowedError('A resolution needs an action.');
        if (wish.resolution.action === 'acknowledge') return acknowledge(orderId, actor);
        const { action, reference } = wish.resolution;
        const reason = wish.call ?? wish.resolution.reason;
        // What a person writes may name anybody, and a history is for ever: the workflow hears where it is kept.
        const resolution = {
          ...{ action, by: actor },
          ...(reason ? { reason } : {}),
          ...(reference ? { reference: id } : {}),
        };
        const result = await orders.resolve(orderId, id, resolution);
        return { answer: result.done ? 'accepted' : 'rejected', message: result.message };
      }
    }
  }

  /** No workflow is asked: it may be gone, and has no part in what was found. */
  async function acknowledge(orderId: string, by: Actor): Promise<Answer> {
    if (await acknowledgeFindings(db, orderId, by.id, now()))
      return { answer: 'accepted', message: 'Seen. You are called again only when something else is found.' };
    return { answer: 'rejected', message: 'Everything about this order fits again, or was acknowledged.' };
  }

  async function send(wish: Wish): Promise<Answer> {
    try {
      return await ask(wish);
    } catch (error) {
      if (error instanceof NotConfirmedError) return notConfirmed;
      if (error instanceof NotAllowedError) return { answer: 'rejected', message: error.message };
      if (error instanceof NotRunningError) return afterTheEnd(wish);
      throw error;
    }
  }

  /** The workflow ended, or has not begun, while the wish was on its way: the facts answer. */
  async function afterTheEnd({ orderId, kind }: Wish): Promise<Answer> {
    const order = await snapshotOf(db, orderId, now());
    const settled = order && kind === 'cancel' ? settledCancelAnswer(order) : undefined;
    if (settled) return settled;
    // The same was asked for twice, and the first one ended it.
    if (kind === 'confirm-delivery' && order?.status === 'completed')
      return { answer: 'accepted', message: delivered };
    // Nobody carries it for the moment; whoever takes it up will be asked.
    if (order && kind === 'cancel') return notConfirmed;
    return { answer: 'rejected', message: `Not possible while the order is ${order?.status ?? 'unknown'}.` };
  }

  async function settle(wish: Wish): Promise<Answer> {
    const answer = await send(wish);
    if (answer.answer !== 'not_confirmed')
      await commandAnswered(db, wish.id, answer.answer, answer.message, now());
    return answer;
  }

  return {
    async run(wish) {
      // The facts first: a wish that has moved them was kept before, so it is found, and its workflow knows the answer.
      const order = await snapshotOf(db, wish.orderId, now());
      const kept = await findCommand(db, wish.id);
      if (kept) return settle(kept.input as unknown as Wish);
      const known = order && factsAnswer(order, wish);
      if (known) return known;
      const command = toCommand(wish);
      if (wish.actor.kind === 'customer' && (await countCommands(db, command)) >= MOST_OF_A_CUSTOMER)
        throw new AskedTooOftenError(`This was asked ${MOST_OF_A_CUSTOMER} times; what was answered holds.`);
      await keepCommand(db, command, now());
      return settle(wish);
    },
    async resume(olderThan) {
      const open = await openCommands(db, olderThan);
      for (const row of open) await settle(row.input as unknown as Wish);
      return open.length;
    },
  };
}

const delivered = 'Delivered: the order is completed.';

const notConfirmed: Answer = {
  answer: 'not_confirmed',
  message: 'Received and kept; the workflow has not confirmed it yet. It will be carried out when it can.',
};

function toCommand(wish: Wish): Command {
  const actor = `${wish.actor.kind}:${wish.actor.id}`;
  return { id: wish.id, orderId: wish.orderId, kind: wish.kind, actor, input: wish };
}

/** What the order's facts alone answer; undefined: ask the workflow. */
function factsAnswer(order: OrderSnapshot, wish: Wish): Answer | undefined {
  if (wish.kind === 'cancel') return settledCancelAnswer(order);
  if (wish.kind === 'start-fulfillment') {
    const refusal = startRefusal(order.status, order.deadlineAt, order.now);
    return refusal ? { answer: 'rejected', message: refusal } : undefined;
  }
  if (wish.resolution?.action === 'reship') {
    const refusal = reshipRefusal(order);
    if (refusal) return { answer: 'rejected', message: refusal };
  }
  if (order.allowedActions.includes(wish.kind)) return undefined;
  return { answer: 'rejected', message: refusals[wish.kind](order) };
}

const refusals: Record<
  Exclude<OrderAction, 'cancel' | 'start-fulfillment'>,
  (order: OrderSnapshot) => string
> = {
  'item-picked': (o) => `An item can be picked only while the order is awaiting_pickup; it is ${o.status}.`,
  'confirm-delivery': (o) =>
    `A delivery can be confirmed only after the item was picked up; the order is ${o.status}.`,
  resolve: (o) => `Nothing about this order needs attention; it is ${o.status}.`,
};
