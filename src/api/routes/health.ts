import { sql } from 'kysely';
import { z } from 'zod';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { ApiDeps } from '../deps.js';

const health = z.object({ status: z.string(), checks: z.record(z.string(), z.string()) });

/** Live: the process answers. Ready: so do the database and Temporal. */
export function healthRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
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
      '/live',
      {
        config: { action: 'health' },
        schema: {
          summary: 'The process answers',
          tags: ['health'],
          response: { 200: health.pick({ status: true }) },
        },
      },
      async () => ({ status: 'ok' }),
    );

    app.get(
      '/ready',
      {
        config: { action: 'health' },
        schema: {
          summary: 'Database and Temporal answer',
          tags: ['health'],
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
