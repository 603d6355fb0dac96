import { sql } from 'kysely';
import { z } from 'zod';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { attentionListSchema, booksSchema } from '../../contract/api.js';
import { openAttention, toAttention } from '../../db/attention.js';
import { books } from '../../db/books.js';
import { authorize, identify } from '../auth.js';
import type { ApiDeps } from '../deps.js';

const health = z.object({ status: z.string(), checks: z.record(z.string(), z.string()) });

export function operationsRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  const { db } = deps.database;

  async function check(work: () => Promise<unknown>): Promise<string> {
    try {
      await work();
      return 'ok';
    } catch {
      return 'unreachable';
    }
  }

  return async (app) => {
    app.get(
      '/attention',
      {
        schema: {
          summary: 'What needs a person',
          tags: ['operations'],
          response: { 200: attentionListSchema },
        },
      },
      async (request) => {
        authorize(identify(deps.keys, request), 'list');
        const items = (await openAttention(db)).map((row) => {
          const call = toAttention(row);
          const iso = (ms: number): string => new Date(ms).toISOString();
          return {
            orderId: row.order_id,
            status: row.status,
            ...call,
            since: iso(call.since),
            dueAt: iso(call.dueAt),
          };
        });
        return { items };
      },
    );

    app.get(
      '/books',
      {
        schema: {
          summary: 'Ledger and stock, per order and product',
          tags: ['operations'],
          response: { 200: booksSchema },
        },
      },
      async (request) => {
        authorize(identify(deps.keys, request), 'list');
        return books(db);
      },
    );

    app.get(
      '/health/live',
      { schema: { summary: 'The process answers', tags: ['operations'] } },
      async () => ({ status: 'ok' }),
    );

    app.get(
      '/health/ready',
      {
        schema: {
          summary: 'Database and Temporal answer',
          tags: ['operations'],
          response: { 200: health, 503: health },
        },
      },
      async (_request, reply) => {
        const checks = {
          database: await check(() => sql`select 1`.execute(db)),
          temporal: await check(() =>
            deps.temporal.connection.withDeadline(Date.now() + 2000, () =>
              deps.temporal.workflowService.getSystemInfo({}),
            ),
          ),
        };
        const ready = Object.values(checks).every((state) => state === 'ok');
        return reply.status(ready ? 200 : 503).send({ status: ready ? 'ok' : 'not ready', checks });
      },
    );
  };
}
