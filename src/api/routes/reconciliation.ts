import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import {
  acknowledgeSchema,
  reconciliationSchema,
  type Reconciliation,
} from '../../contract/reconciliation.js';
import { acknowledgeStray, openFindings } from '../../db/findings.js';
import { lastRun } from '../../db/reconciliation-runs.js';
import { actorOf } from '../auth.js';
import type { ApiDeps } from '../deps.js';
import { findingView } from '../finding-view.js';
import { notFound } from '../problems.js';
import { refuseBody } from '../refuse-body.js';

const iso = (ms: number): string => new Date(ms).toISOString();

export function reconciliationRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  const { db } = deps.database;

  async function view(): Promise<Reconciliation> {
    const run = await lastRun(db);
    const findings = await openFindings(db);
    return {
      run: run
        ? {
            outcome: run.finished_at === null ? 'running' : run.failed.length > 0 ? 'incomplete' : 'complete',
            startedAt: iso(run.started_at),
            finishedAt: run.finished_at === null ? null : iso(run.finished_at),
            failed: run.failed,
            looked: run.looked,
          }
        : null,
      findings: findings.map(findingView),
    };
  }

  return async (app) => {
    app.get(
      '/reconciliation',
      {
        config: { action: 'list' },
        schema: {
          summary: 'What does not fit together, by the last reconciliation',
          tags: ['operations'],
          response: { 200: reconciliationSchema },
        },
      },
      async () => view(),
    );

    app.post(
      '/reconciliation/run',
      {
        config: { action: 'reconcile' },
        schema: {
          summary: 'Compare everything now',
          description: '200: the run has ended. 202: it takes longer; GET /api/reconciliation will tell.',
          tags: ['operations'],
          response: { 200: reconciliationSchema, 202: reconciliationSchema },
        },
      },
      async (request, reply) => {
        refuseBody(request.body);
        const result = await deps.reconciler.run(deps.reconcileWithinMs);
        return reply.status(result ? 200 : 202).send(await view());
      },
    );

    app.post(
      '/reconciliation/acknowledge',
      {
        config: { action: 'reconcile' },
        schema: {
          summary: 'Say that a finding which is of no order was seen',
          description: 'It stays, and calls nobody until something else is found. Of an order: resolve it.',
          tags: ['operations'],
          body: acknowledgeSchema,
          response: { 200: reconciliationSchema },
        },
      },
      async (request) => {
        const { subject } = request.body;
        if (!(await acknowledgeStray(db, subject, actorOf(request.subject).id, deps.now())))
          throw notFound(`A finding of ${subject} that is of no order and not acknowledged`);
        return view();
      },
    );
  };
}
