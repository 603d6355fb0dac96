import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { attentionListSchema, booksSchema } from '../../contract/api.js';
import { openAttention, toAttention } from '../../db/attention.js';
import { books } from '../../db/books.js';
import type { ApiDeps } from '../deps.js';

export function operationsRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  const { db } = deps.database;

  return async (app) => {
    app.get(
      '/attention',
      {
        config: { action: 'list' },
        schema: {
          summary: 'What needs a person',
          tags: ['operations'],
          response: { 200: attentionListSchema },
        },
      },
      async () => {
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
        config: { action: 'list' },
        schema: {
          summary: 'Ledger and stock, per order and product',
          tags: ['operations'],
          response: { 200: booksSchema },
        },
      },
      async () => {
        return books(db);
      },
    );
  };
}
