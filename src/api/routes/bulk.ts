import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { bulkAnswerSchema, bulkSchema } from '../../contract/console.js';
import { actorOf } from '../auth.js';
import { previewBulk, runBulk } from '../bulk.js';
import type { ApiDeps } from '../deps.js';
import { keyHeader } from '../key-header.js';
import { HttpProblem } from '../problems.js';

export function bulkRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/orders/bulk',
      {
        config: { action: 'bulk' },
        schema: {
          summary: 'One command for many orders: first how many and how much, then each of them',
          tags: ['console'],
          headers: keyHeader,
          body: bulkSchema,
          response: { 200: bulkAnswerSchema },
        },
      },
      async (request) => {
        const { body } = request;
        if (body.preview) return { preview: true as const, ...(await previewBulk(deps, body)) };
        const key = request.headers['idempotency-key'];
        if (key === undefined)
          throw new HttpProblem(
            400,
            'invalid_request',
            'A run needs an Idempotency-Key, one new key per run.',
          );
        const result = await runBulk(
          deps,
          { command: body.command, orderIds: body.orderIds ?? [] },
          key,
          actorOf(request.subject),
        );
        request.trail.each = result.results.map(({ orderId, answer }) => ({
          action: body.command,
          orderId,
          outcome: answer,
        }));
        return { preview: false as const, ...result };
      },
    );
  };
}
