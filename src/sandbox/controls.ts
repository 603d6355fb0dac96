import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { faultSchema, type Faults } from './faults.js';
import { httpError, readBody } from './http.js';
import type { Mailbox } from './mail/mailbox.js';
import type { Webhooks } from './webhooks.js';

const urlsSchema = z.strictObject({ payment: z.url().optional(), delivery: z.url().optional() });
const replaySchema = z.strictObject({
  orderId: z.string().default(''),
  times: z.int().min(1).max(10_000).default(1),
  reverse: z.boolean().default(false),
});

/** The controls that belong to no single partner. */
export function createControls(deps: { faults: Faults; webhooks: Webhooks; mailbox: Mailbox }) {
  const { faults, webhooks, mailbox } = deps;

  return async function controls(app: FastifyInstance): Promise<void> {
    app.get('/health', async () => ({ status: 'ok' }));

    app.get<{ Querystring: { to?: string; orderId?: string } }>('/mail', async ({ query }) =>
      mailbox.list(query),
    );

    app.get('/faults', async () => faults.list());
    app.post('/faults', async ({ body }, reply) =>
      reply.code(201).send(faults.add(readBody(faultSchema, body))),
    );
    app.delete('/faults', async (_request, reply) => {
      faults.clear();
      return reply.code(204).send();
    });
    app.delete<{ Params: { id: string } }>('/faults/:id', async ({ params }, reply) => {
      if (!faults.remove(params.id)) throw httpError(404, `No fault ${params.id}`);
      return reply.code(204).send();
    });

    app.put('/webhooks', async ({ body }) => {
      webhooks.setUrls(readBody(urlsSchema, body));
      return webhooks.urls();
    });
    app.get<{ Querystring: { orderId?: string } }>('/webhooks', async ({ query }) => ({
      urls: webhooks.urls(),
      events: webhooks
        .about(query.orderId ?? '')
        .map(({ id, about, type }) => ({ id, about, type, outcome: webhooks.outcome(id) })),
    }));
    app.post('/webhooks/replay', async ({ body }) => {
      const { orderId, times, reverse } = readBody(replaySchema, body);
      const events = webhooks.about(orderId);
      return webhooks.replay(reverse ? events.reverse() : events, times);
    });
  };
}
