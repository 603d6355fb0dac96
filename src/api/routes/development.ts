import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { fastForwardSchema, orderViewSchema } from '../../contract/api.js';
import { fastForwardWorkflow, runningWorkflow } from '../../client/fast-forward.js';
import { within } from '../../client/within.js';
import { addClockOffset } from '../../db/orders.js';
import { snapshotOf } from '../../db/snapshots.js';
import { parseDuration } from '../../domain/deadline.js';
import { isFinal } from '../../domain/lifecycle.js';
import type { OrderSnapshot } from '../../domain/order.js';
import type { ApiDeps } from '../deps.js';
import { findOrder, orderParams } from '../find-order.js';
import { HttpProblem } from '../problems.js';
import { refuseBody } from '../refuse-body.js';
import { operatorOrderView } from '../views.js';

/** So long the answer has to get through. */
const BEFORE_CRASH_MS = 50;

/** Well before a connection on which nothing moves is closed. */
const MOVE_WITHIN_MS = 60_000;

/** Moves one order's clock by the server's own time skipping, and kills the worker. Registered in development only. */
export function developmentRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/development/worker/kill',
      {
        config: { action: 'sandbox' },
        schema: {
          summary: 'Development only: kill -9 this process and its worker, right after the answer',
          tags: ['development'],
          response: { 202: z.null().describe('It ends now; npm start starts it again') },
        },
      },
      async (request, reply) => {
        refuseBody(request.body);
        const { crash } = deps;
        if (!crash)
          throw new HttpProblem(409, 'not_revived', 'Nobody would start this process again: npm start does.');
        reply.raw.once('finish', () => setTimeout(crash, BEFORE_CRASH_MS));
        return reply.status(202).send(null);
      },
    );

    app.post(
      '/orders/:id/fast-forward',
      {
        config: { action: 'fast-forward' },
        schema: {
          summary: "Development only: move this order's time",
          tags: ['development'],
          params: orderParams,
          body: fastForwardSchema,
          response: { 200: orderViewSchema },
        },
      },
      async (request) => {
        if (!deps.timeSkipping) {
          throw new HttpProblem(
            409,
            'no_time_skipping',
            'This Temporal server does not skip time: use the one that npm start brings.',
          );
        }
        const order = await findOrder(deps, request, request.params.id);
        const ms = distance(order, request.body);
        const workflowId = await runningWorkflow(deps.temporal, order.orderId, isFinal(order.status));
        await addClockOffset(deps.database.db, order.orderId, ms);
        // It goes on when the call has ended: a child that starts on the way must not run on by itself.
        const moved = fastForwardWorkflow(deps.temporal, workflowId, ms).then(() => true);
        if (!(await within(moved, deps.moveWithinMs ?? MOVE_WITHIN_MS))) {
          moved.catch((error: unknown) => request.log.error(error));
          throw new HttpProblem(503, 'not_confirmed', stillMoving, { orderId: order.orderId });
        }
        return operatorOrderView((await snapshotOf(deps.database.db, order.orderId, deps.now())) ?? order);
      },
    );
  };
}

const stillMoving =
  'The clock is still on its way and goes on by itself: each timer and each retry of a failing partner is really carried out. Do not send it again; look at the order in a while.';

function distance(order: OrderSnapshot, wish: { to: 'release' | 'deadline' } | { by: string }): number {
  // One second past the deadline: at the deadline itself a start still counts.
  const target = (to: 'release' | 'deadline'): number =>
    to === 'release' ? order.releaseAt : order.deadlineAt + 1000;
  const ms = 'by' in wish ? (parseDuration(wish.by) ?? 0) : target(wish.to) - order.now;
  if (ms > 0) return ms;
  throw new HttpProblem(
    409,
    'in_the_past',
    `The order's clock is at ${new Date(order.now).toISOString()}, past that.`,
  );
}
