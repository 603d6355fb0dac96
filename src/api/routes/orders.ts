import { z } from 'zod';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import {
  compensationLogSchema,
  orderListSchema,
  operatorOrderSchema,
  placedOrderSchema,
  placeOrderSchema,
} from '../../contract/api.js';
import { listQuerySchema } from '../../contract/order-list.js';
import { compensationLog } from '../../db/compensation-log.js';
import { addressOf } from '../../db/orders.js';
import { openProposalsOf } from '../../db/proposals.js';
import { listOrders } from '../../db/order-list.js';
import type { ApiDeps } from '../deps.js';
import { fromCursor, toCursor } from '../cursor.js';
import { findOrder, orderParams } from '../find-order.js';
import { proposalView } from '../needs-view.js';
import { place } from '../placing.js';
import { HttpProblem } from '../problems.js';
import { compensationView, operatorOrderView, orderFilter, orderView } from '../views.js';

const keyHeader = z.object({
  'idempotency-key': z
    .string({ error: 'is missing: send an Idempotency-Key header, one new random key per order' })
    .regex(/^[\x21-\x7e]{8,128}$/, 'must be 8 to 128 printable characters without spaces'),
});

export function orderRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  const { db } = deps.database;

  return async (app) => {
    app.post(
      '/orders',
      {
        config: { action: 'place' },
        schema: {
          summary: 'Place a pre-order: the full price is charged at once',
          description:
            '201: paid and reserved, or already being refunded. 202: placed, the payment is not confirmed yet.',
          tags: ['orders'],
          headers: keyHeader,
          body: placeOrderSchema,
          response: { 201: placedOrderSchema, 202: placedOrderSchema },
        },
      },
      async (request, reply) => {
        const { order, token, confirmed } = await place(
          deps,
          request.body,
          request.headers['idempotency-key'],
        );
        request.trail.orderId = order.orderId;
        if (order.status === 'rejected') {
          const code = order.payment.failureCode ?? 'card_declined';
          const detail = `The payment was declined (${code}). Nothing was charged; try another payment method with a new key.`;
          throw new HttpProblem(402, 'payment_declined', detail, { orderId: order.orderId });
        }
        return reply.status(confirmed ? 201 : 202).send({ ...orderView(order), token });
      },
    );

    app.get(
      '/orders',
      {
        config: { action: 'list' },
        schema: {
          summary: 'Orders: searched, filtered, sorted, page by page',
          tags: ['orders'],
          querystring: listQuerySchema,
          response: { 200: orderListSchema },
        },
      },
      async (request) => {
        const { sort, limit, after, ...filter } = request.query;
        const page = { sort, limit, after: after === undefined ? undefined : fromCursor(after) };
        const now = deps.now();
        const { orders, next } = await listOrders(db, orderFilter(filter, now), page, now);
        return { orders: orders.map((order) => operatorOrderView(order)), next: toCursor(next) };
      },
    );

    app.get(
      '/orders/:id',
      {
        config: { action: 'read' },
        schema: {
          summary: 'One order',
          tags: ['orders'],
          params: orderParams,
          response: { 200: operatorOrderSchema },
        },
      },
      async (request) => {
        const order = await findOrder(deps, request, request.params.id);
        if (request.subject.kind === 'customer') return orderView(order);
        const [address, proposals] = await Promise.all([
          addressOf(db, order.orderId),
          openProposalsOf(db, order.orderId),
        ]);
        return {
          ...operatorOrderView(order, address),
          proposals: proposals.map(({ reason, ...proposal }) => ({ reason, ...proposalView(proposal) })),
        };
      },
    );

    app.get(
      '/orders/:id/compensation-log',
      {
        config: { action: 'read' },
        schema: {
          summary: 'What was undone, in reverse order, and what each undo really did',
          tags: ['orders'],
          params: orderParams,
          response: { 200: compensationLogSchema },
        },
      },
      async (request) => {
        const order = await findOrder(deps, request, request.params.id);
        return compensationView(
          order.orderId,
          await compensationLog(db, order.orderId),
          request.subject.kind,
        );
      },
    );
  };
}
