import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import {
  figuresSchema,
  historySchema,
  linkSentSchema,
  needsMeSchema,
  noticesSchema,
} from '../../contract/console.js';
import { productFigures } from '../../db/figures.js';
import { historyOf, noticesOf } from '../../db/history.js';
import { needs } from '../../db/needs.js';
import { sendLinkAgain } from '../../db/outbox.js';
import { DAY, DEADLINE_NEAR_MS, deadlineOf } from '../../domain/deadline.js';
import { policyWith } from '../../domain/policy.js';
import type { ApiDeps } from '../deps.js';
import { findOrder, orderParams } from '../find-order.js';
import { historyView } from '../history-view.js';
import { gatewayView } from '../gateway-view.js';
import { deadlineView, needView } from '../needs-view.js';

const iso = (ms: number): string => new Date(ms).toISOString();
const patience = { deadlineMs: DEADLINE_NEAR_MS, refundMs: 2 * DAY };
const MOST_OF_EACH = 100;

/** What the operator's console reads, and the mail that it asks for. */
export function consoleRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  const { db } = deps.database;

  return async (app) => {
    app.get(
      '/needs-me',
      {
        config: { action: 'list' },
        schema: {
          summary: 'What waits for a person, most urgent first, and how much of it',
          tags: ['console'],
          response: { 200: needsMeSchema },
        },
      },
      async () => {
        const now = deps.now();
        const { counts, items, groups } = await needs(db, now, patience, MOST_OF_EACH);
        const total = Object.values(counts).reduce((sum, n) => sum + n, 0);
        const all = [...items.map(needView), ...groups.map((group) => deadlineView(group, now))];
        // How long each has left, by its own clock.
        const left = ({ dueAt, since, ageMs }: (typeof all)[number]): number =>
          dueAt === null ? Infinity : Date.parse(dueAt) - Date.parse(since) - ageMs;
        return {
          counts: { total, ...counts },
          items: all.sort((a, b) =>
            left(a) === left(b) ? Date.parse(a.since) - Date.parse(b.since) : left(a) < left(b) ? -1 : 1,
          ),
        };
      },
    );

    app.get(
      '/products/figures',
      {
        config: { action: 'list' },
        schema: {
          summary: 'What each product has come to: units and money',
          tags: ['console'],
          response: { 200: figuresSchema },
        },
      },
      async () => {
        // Of one moment: what the gateway keeps is told as the ledger's sum and what differs from it.
        const moment = db.transaction().setIsolationLevel('repeatable read');
        const [rows, gateway] = await moment.execute(
          async (tx) => [await productFigures(tx), await gatewayView(tx)] as const,
        );
        return {
          products: rows.map(({ releaseAt, policy, ...figures }) => ({
            ...figures,
            ...gateway.of(figures),
            releaseDate: iso(releaseAt),
            deadline: iso(deadlineOf(releaseAt, policyWith(deps.policy, policy).graceMs)),
          })),
          comparedAt: gateway.comparedAt,
          strayCharges: gateway.strayCharges,
        };
      },
    );

    app.get(
      '/orders/:id/history',
      {
        config: { action: 'history' },
        schema: {
          summary: 'The life of one order, as a list of facts',
          tags: ['console'],
          params: orderParams,
          response: { 200: historySchema },
        },
      },
      async (request) => {
        const order = await findOrder(deps, request, request.params.id);
        return historyView(order, await historyOf(db, order.orderId));
      },
    );

    app.get(
      '/orders/:id/notices',
      {
        config: { action: 'history' },
        schema: {
          summary: 'The mails to the customer of an order',
          tags: ['console'],
          params: orderParams,
          response: { 200: noticesSchema },
        },
      },
      async (request) => {
        const { orderId, customerEmail } = await findOrder(deps, request, request.params.id);
        const rows = await noticesOf(db, orderId);
        return {
          orderId,
          notices: rows.map((row) => ({
            id: row.dedup_id,
            kind: row.kind,
            recipient: row.before_correction ? null : customerEmail,
            queuedAt: iso(row.created_at),
            sentAt: row.sent_at === null ? null : iso(row.sent_at),
            attempts: row.attempts,
            lastError: row.last_error,
          })),
        };
      },
    );

    app.post(
      '/orders/:id/send-link',
      {
        config: { action: 'send-link' },
        schema: {
          summary: 'Mail the link to the order to its customer again: at most once in 15 minutes',
          tags: ['console'],
          params: orderParams,
          response: { 200: linkSentSchema },
        },
      },
      async (request) => {
        const { orderId, customerEmail } = await findOrder(deps, request, request.params.id);
        const queued = await sendLinkAgain(db, { orderId }, deps.now());
        request.trail.outcome = queued ? 'done' : 'sent_before';
        return { orderId, recipient: customerEmail, queued };
      },
    );
  };
}
