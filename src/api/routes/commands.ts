import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { commandAnswerSchema, resolveSchema, type CommandAnswer } from '../../contract/api.js';
import { findCommand } from '../../db/commands.js';
import { snapshotOf } from '../../db/snapshots.js';
import { reshipRefusal } from '../../domain/cancel.js';
import { isResolution, type AttentionReason, type ResolveAction } from '../../domain/attention.js';
import { orderActions, type OrderAction } from '../../domain/lifecycle.js';
import type { OrderSnapshot } from '../../domain/order.js';
import type { Answer, Wish } from '../../client/commands.js';
import { actorOf } from '../auth.js';
import type { ApiDeps } from '../deps.js';
import { findOrder, orderParams } from '../find-order.js';
import { HttpProblem } from '../problems.js';
import { refuseBody } from '../refuse-body.js';
import { approve, secondPerson, type Pending } from '../two-persons.js';
import { keyHeader } from '../key-header.js';
import { answerView } from '../views.js';
import type { FastifyRequest } from 'fastify';

/** No database takes a NUL, which an address may carry. */
const proposalParams = z.strictObject({
  id: z.string().regex(/^[\x21-\x7e]{1,40}$/, 'the id of a proposal'),
});

const summaries: Record<OrderAction, string> = {
  'start-fulfillment': 'Start fulfillment: only while awaiting release, until the deadline',
  cancel: 'Cancel: answered in every state, accepted, pending_partner or rejected',
  'item-picked': 'The item was picked up by the delivery partner',
  'confirm-delivery': 'The item was delivered: the order is completed',
  resolve: 'Decide what an order that needs attention does next',
};

type Resolution = NonNullable<Wish['resolution']>;

/** People's commands. 200: accepted, or asked of the partner. 202: kept, not confirmed or approved yet. 409: refused, and why. */
export function commandRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  const { db } = deps.database;

  /** This very command, if it was kept before; `answer` as soon as it has one. */
  async function keptBefore(wish: Wish): Promise<{ answer?: Answer } | undefined> {
    const earlier = await findCommand(db, wish.id);
    if (!earlier) return undefined;
    const { resolution } = earlier.input as unknown as Wish;
    if (!isDeepStrictEqual(resolution, wish.resolution)) {
      const detail = 'This Idempotency-Key was used for another command. Use a new key for a new one.';
      throw new HttpProblem(422, 'idempotency_key_reused', detail, { orderId: wish.orderId });
    }
    if (!earlier.outcome) return {};
    return { answer: { answer: earlier.outcome as Answer['answer'], message: earlier.message ?? '' } };
  }

  async function run(
    request: FastifyRequest,
    given: string,
    kind: OrderAction,
    resolution?: Wish['resolution'],
  ) {
    const order = await findOrder(deps, request, given);
    const { orderId } = order;
    const key = request.headers['idempotency-key'];
    const id = `${orderId}:${kind}:${typeof key === 'string' ? key : request.id}`;
    const wish: Wish = {
      id,
      kind,
      orderId,
      actor: actorOf(request.subject),
      ...(resolution ? { resolution } : {}),
    };
    // Looked for after the order: what has moved it was kept before, and is not refused for it.
    const kept = key === undefined ? undefined : await keptBefore(wish);
    const reason = resolution && !kept && callFor(order, resolution);
    const second = reason && (await secondPerson(deps, request.subject, order, reason, resolution));
    const asked = reason ? { ...wish, call: reason } : wish;
    const answer = second || (kept?.answer ?? (await deps.commands.run(asked)));
    return told(deps, request, order, kind, answer);
  }

  return async (app) => {
    for (const kind of orderActions.filter((action) => action !== 'resolve')) {
      app.post(
        `/orders/:id/${kind}`,
        {
          config: { action: kind },
          schema: {
            summary: summaries[kind],
            tags: ['commands'],
            params: orderParams,
            headers: keyHeader,
            response: { 200: commandAnswerSchema, 202: commandAnswerSchema },
          },
        },
        async (request, reply) => {
          refuseBody(request.body);
          const { status, body } = await run(request, request.params.id, kind);
          return reply.status(status).send(body);
        },
      );
    }

    app.post(
      '/orders/:id/resolve',
      {
        config: { action: 'resolve' },
        schema: {
          summary: summaries.resolve,
          tags: ['commands'],
          params: orderParams,
          headers: keyHeader,
          body: resolveSchema,
          response: { 200: commandAnswerSchema, 202: commandAnswerSchema },
        },
      },
      async (request, reply) => {
        const { action, reference, reason } = request.body;
        const resolution = {
          action: action as ResolveAction,
          ...(reference ? { reference } : {}),
          ...(reason ? { reason } : {}),
        };
        const { status, body } = await run(request, request.params.id, 'resolve', resolution);
        return reply.status(status).send(body);
      },
    );

    app.post(
      '/proposals/:id/approve',
      {
        config: { action: 'approve' },
        schema: {
          summary: 'Carry out what another person proposed',
          tags: ['commands'],
          params: proposalParams,
          response: { 200: commandAnswerSchema, 202: commandAnswerSchema },
        },
      },
      async (request, reply) => {
        refuseBody(request.body);
        const { orderId, answer } = await approve(deps, request.subject, request.params.id);
        const order = await findOrder(deps, request, orderId);
        const { status, body } = await told(deps, request, order, 'resolve', answer);
        return reply.status(status).send(body);
      },
    );
  };
}

/** The answer and the order as it then is. 409: refused; a refused cancel is an answer with its instructions. */
async function told(
  deps: ApiDeps,
  request: FastifyRequest,
  order: OrderSnapshot,
  kind: OrderAction,
  answer: Answer | Pending,
): Promise<{ status: 200 | 202; body: CommandAnswer }> {
  const { orderId } = order;
  request.trail.outcome = answer.answer;
  if (answer.answer === 'rejected' && kind !== 'cancel')
    throw new HttpProblem(409, 'not_allowed', answer.message, { orderId });
  const after = (await snapshotOf(deps.database.db, orderId, deps.now())) ?? order;
  const waits = answer.answer === 'not_confirmed' || answer.answer === 'pending_approval';
  return { status: waits ? 202 : 200, body: answerView(answer, after, request.subject.kind) };
}

/** The open call that the action answers: the one that is named, or else the first. */
function callFor(order: OrderSnapshot, { action, reason }: Resolution): AttentionReason {
  const { orderId, calls, status } = order;
  if (calls.length === 0)
    throw new HttpProblem(409, 'not_allowed', `Nothing about this order needs attention; it is ${status}.`);
  const named = calls.filter((call) => reason === undefined || call.reason === reason);
  if (named.length === 0) {
    const detail = `Nobody is called for ${reason} any more; open: ${calls.map((call) => call.reason).join(', ')}.`;
    throw new HttpProblem(409, 'not_allowed', detail, { orderId });
  }
  const refusal = action === 'reship' ? reshipRefusal(order) : undefined;
  if (refusal) throw new HttpProblem(409, 'not_allowed', refusal, { orderId });
  const meant = named.find((call) => isResolution(call.reason, action));
  if (meant) return meant.reason;
  const possible = named.map((call) => `${call.reason}: ${call.allowedActions.join(', ')}`).join('; ');
  const detail = `${action} does not resolve that; possible for ${possible}.`;
  throw new HttpProblem(400, 'invalid_action', detail);
}
