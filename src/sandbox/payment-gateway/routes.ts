import type { FastifyInstance, FastifyRequest } from 'fastify';
import { newId, idsIn } from '../ids.js';
import type { Operation } from '../faults.js';
import { answer, type Answer, type Serve } from '../serve.js';
import { orderOf, type Books } from './books.js';
import { GatewayError, internalError, invalid, rateLimited, unauthorized } from './errors.js';
import { apiVersion } from './events.js';
import type { Idempotency, Slot } from './idempotency.js';
import { createEndpoints, type Endpoint } from './endpoints.js';
import type { PaymentIntents } from './payment-intents.js';
import type { Refunds } from './refunds.js';

export interface GatewayDeps {
  books: Books;
  intents: PaymentIntents;
  refunds: Refunds;
  idempotency: Idempotency;
  serve: Serve;
}

const said = (error: GatewayError): Answer => answer(error.status, { error: error.body });

/** Stripe's API under /v1, as far as the shop uses it. */
export function createPaymentGatewayRoutes(deps: GatewayDeps) {
  const { books, idempotency, serve } = deps;

  function mentions(request: FastifyRequest): string {
    const text = `${request.url} ${JSON.stringify(request.body ?? '')} ${keyOf(request) ?? ''}`;
    const owners = idsIn(text).map((id) => books.find(id));
    return `${text} ${owners.map((payment) => (payment ? orderOf(payment) : '')).join(' ')}`;
  }

  function work(endpoint: Endpoint, request: FastifyRequest, slot: Slot, storedFailure: boolean): Answer {
    if (slot.stored) return slot.stored;
    try {
      if (storedFailure) throw internalError();
      const { id } = request.params as { id?: string };
      const body = endpoint.run({ id: id ?? '', body: request.body ?? {}, query: request.query });
      return slot.keep(answer(200, body));
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return error.stored ? slot.keep(said(error)) : said(error);
    }
  }

  return async function routes(app: FastifyInstance): Promise<void> {
    app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
      if (error instanceof GatewayError) return reply.code(error.status).send({ error: error.body });
      const status = error.statusCode ?? 500;
      const failure = status < 500 ? invalid(error.message, {}, status) : internalError();
      return reply.code(status).send({ error: failure.body });
    });
    app.setNotFoundHandler((request, reply) => {
      const message = `Unrecognized request URL (${request.method}: ${request.url}).`;
      return reply.code(404).send({ error: invalid(message).body });
    });
    app.addHook('onRequest', async (request, reply) => {
      reply.headers({ 'Request-Id': newId('req'), 'Stripe-Version': apiVersion });
      if (!/^Bearer sk_test_\S+$/.test(request.headers.authorization ?? '')) throw unauthorized();
    });

    for (const endpoint of createEndpoints(deps)) {
      const { method, url } = endpoint;
      const operation: Operation = endpoint.operation;
      app.route({
        method,
        url,
        handler: async (request, reply) => {
          const key = method === 'POST' ? keyOf(request) : undefined;
          const slot = idempotency.open({ key, path: request.url, params: request.body ?? {} });
          if (key !== undefined) reply.header('Idempotency-Key', key);
          try {
            return await serve(request, reply, {
              target: 'payment-gateway',
              operation,
              mentions: () => mentions(request),
              replay: slot.stored !== undefined,
              work: (storedFailure) => work(endpoint, request, slot, storedFailure),
              failure: (status) => said(status === 500 ? internalError() : rateLimited()),
            });
          } finally {
            slot.release();
          }
        },
      });
    }
  };
}

function keyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  return typeof key === 'string' && key !== '' ? key : undefined;
}
