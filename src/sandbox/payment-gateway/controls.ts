import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { httpError, readBody } from '../http.js';
import { bookEntry, type Books } from './books.js';
import type { Disputes } from './disputes.js';
import type { Idempotency } from './idempotency.js';
import type { Refunds } from './refunds.js';
import { disputeStatuses, refundStatuses, type Payment } from './types.js';

const statusChange = z.strictObject({
  status: z.enum(refundStatuses),
  failure_reason: z.string().optional(),
});
const settings = z.strictObject({ automaticRefundChangesAfterMs: z.number().min(0).nullable() });
const ofPayment = { paymentIntent: z.string().optional(), orderId: z.string().optional() };
const dashboardRefund = z.strictObject({ ...ofPayment, amountMinor: z.int().min(1) });
const dispute = z.strictObject({ ...ofPayment, amountMinor: z.int().min(1).optional() });
const disputeDecision = z.strictObject({ status: z.enum(disputeStatuses) });

/** What happens at the gateway without the shop: bank decisions, the dashboard, the books themselves. */
export function createGatewayControls(deps: {
  books: Books;
  refunds: Refunds;
  disputes: Disputes;
  idempotency: Idempotency;
}) {
  const { books, refunds, disputes, idempotency } = deps;

  function paymentOf({ paymentIntent, orderId }: { paymentIntent?: string; orderId?: string }): Payment {
    if (paymentIntent !== undefined) return books.intent(paymentIntent);
    const ofOrder = books.ofOrder(orderId ?? '');
    const payment = ofOrder.find(({ intent }) => intent.status === 'succeeded') ?? ofOrder[0];
    if (!payment) throw httpError(404, `No payment for order ${orderId ?? '(none given)'}`);
    return payment;
  }

  return async function controls(app: FastifyInstance): Promise<void> {
    app.get<{ Querystring: { orderId?: string } }>('/books', async ({ query }) =>
      (query.orderId === undefined ? books.all() : books.ofOrder(query.orderId)).map(bookEntry),
    );
    app.post<{ Params: { id: string } }>('/refunds/:id/status', async ({ params, body }) => {
      const change = readBody(statusChange, body);
      return refunds.changeStatus(params.id, change.status, change.failure_reason);
    });
    app.post('/payment-gateway/refunds', async ({ body }, reply) => {
      const order = readBody(dashboardRefund, body);
      return reply.code(201).send(refunds.create(paymentOf(order), { amount: order.amountMinor }));
    });
    app.post('/payment-gateway/disputes', async ({ body }, reply) => {
      const wish = readBody(dispute, body);
      return reply.code(201).send(disputes.open(paymentOf(wish), wish.amountMinor));
    });
    app.post<{ Params: { id: string } }>('/disputes/:id/status', async ({ params, body }) =>
      disputes.decide(params.id, readBody(disputeDecision, body).status),
    );
    app.post('/payment-gateway/forget-idempotency-keys', async () => {
      idempotency.forgetAll();
      return { forgotten: 'all' };
    });
    app.put('/payment-gateway/settings', async ({ body }) => {
      const change = readBody(settings, body);
      refunds.changeAutomaticallyAfter(change.automaticRefundChangesAfterMs);
      return change;
    });
  };
}
