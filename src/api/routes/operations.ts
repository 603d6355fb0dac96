import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { findingView } from '../finding-view.js';
import { openFindings } from '../../db/findings.js';
import { attentionListSchema } from '../../contract/api.js';
import { auditSchema } from '../../contract/audit.js';
import { booksQuerySchema, booksSchema } from '../../contract/books.js';
import { openAttention, toAttention } from '../../db/attention.js';
import { auditOf } from '../../db/audit.js';
import { books } from '../../db/books.js';
import { cancelStands } from '../../db/orders.js';
import { productRow } from '../../db/products.js';
import type { ApiDeps } from '../deps.js';
import { findOrder, orderParams } from '../find-order.js';
import { notFound } from '../problems.js';
import { auditView } from '../views.js';

const iso = (ms: number): string => new Date(ms).toISOString();

type Row = Awaited<ReturnType<typeof openAttention>>[number];

function proposalOf({ proposal_id: id, action, reference, proposed_by: by, proposed_at: at }: Row) {
  if (id === null || action === null || by === null || at === null) return null;
  return { id, action, reference, proposedBy: by, proposedAt: iso(at) };
}

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
          const call = toAttention(row, cancelStands(row));
          return {
            orderId: row.order_id,
            status: row.status,
            ...call,
            since: iso(call.since),
            dueAt: iso(call.dueAt),
            proposal: proposalOf(row),
          };
        });
        const findings = (await openFindings(db)).filter(
          ({ order_id: order, acknowledged_by: seen }) => order === null && seen === null,
        );
        return { items, findings: findings.map(findingView) };
      },
    );

    app.get(
      '/orders/:id/audit',
      {
        config: { action: 'audit' },
        schema: {
          summary: 'Every command about an order and every refusal: who, when, what came of it',
          tags: ['operations'],
          params: orderParams,
          response: { 200: auditSchema },
        },
      },
      async (request) => {
        const { orderId } = await findOrder(deps, request, request.params.id);
        return auditView(orderId, await auditOf(db, orderId));
      },
    );

    app.get(
      '/books',
      {
        config: { action: 'list' },
        schema: {
          summary:
            'Ledger and stock: per product, and the orders that do not balance; of one product: each order',
          tags: ['operations'],
          querystring: booksQuerySchema,
          response: { 200: booksSchema },
        },
      },
      async (request) => {
        const { product } = request.query;
        if (product !== undefined && !(await productRow(db, product)))
          throw notFound(`The product ${product}`);
        return books(db, request.query);
      },
    );
  };
}
