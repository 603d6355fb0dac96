import type { FastifyInstance } from 'fastify';
import { Gauge, Histogram, Registry } from 'prom-client';
import { lastRun } from '../../db/reconciliation-runs.js';
import { countOrders, readGauges, type Count } from '../../db/gauges.js';
import { findingKinds } from '../../domain/reconciliation.js';
import { attentionReasons } from '../../domain/attention.js';
import { finalStatuses, isFinal, orderStatuses } from '../../domain/lifecycle.js';
import type { ApiDeps } from '../deps.js';

/** Orders that have ended only ever become more. */
const COUNT_ENDED_EVERY_MS = 60_000;
const open = orderStatuses.filter((status) => !isFinal(status));

/**
 * GET /metrics for Prometheus. The gauges are the database's, the same from every process; the durations are this
 * process's own. Labels are words of the domain and patterns of routes, never an id or a person's data.
 */
export function measure(app: FastifyInstance, deps: ApiDeps): void {
  const registry = new Registry();

  /** Counts by label, and with `labels` that are known 0 instead of missing: an alert on a missing series is silent. */
  function counted(name: string, help: string, labelName: string, labels: readonly string[], aged = true) {
    const gauge = (suffix: string, what: string): Gauge =>
      new Gauge({
        name: `preorder_${name}${suffix}`,
        help: what,
        labelNames: [labelName],
        registers: [registry],
      });
    const count = gauge('', help);
    const age = aged ? gauge('_oldest_seconds', `Age of the oldest: ${help}`) : undefined;
    return (rows: Count[], now: number): void => {
      for (const label of labels) {
        count.set({ [labelName]: label }, 0);
        age?.set({ [labelName]: label }, 0);
      }
      for (const { label, n, oldest } of rows) {
        count.set({ [labelName]: label }, n);
        age?.set({ [labelName]: label }, oldest === null ? 0 : Math.max(0, now - oldest) / 1000);
      }
    };
  }

  const set = {
    orders: counted(
      'orders',
      'Orders; those that have ended are counted once a minute',
      'status',
      orderStatuses,
      false,
    ),
    attention: counted('needs_attention', 'Open calls for a person', 'reason', Object.keys(attentionReasons)),
    refunds: counted('refunds_unsettled', 'Refunds not settled', 'status', ['pending', 'requires_action']),
    findings: counted('findings', 'What does not fit together', 'kind', Object.keys(findingKinds)),
    waiting: counted('waiting', 'What waits to be worked on', 'queue', []),
  };
  const reconciled = new Gauge({
    name: 'preorder_last_complete_reconciliation_seconds',
    help: 'Age of the last reconciliation that has looked at everything; missing before the first',
    labelNames: ['part'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'preorder_http_request_duration_seconds',
    help: 'HTTP requests by method, route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });

  let kept = { at: -Infinity, counts: [] as Count[] };
  async function ended(): Promise<Count[]> {
    if (deps.now() - kept.at >= COUNT_ENDED_EVERY_MS)
      kept = { at: deps.now(), counts: await countOrders(deps.database.db, finalStatuses) };
    return kept.counts;
  }

  app.addHook('onResponse', async (request, reply) => {
    // The pattern: an address would be a series of its own for each order.
    const route = request.routeOptions.url ?? 'none';
    const labels = { method: request.method, route, status: reply.statusCode };
    durations.observe(labels, reply.elapsedTime / 1000);
  });

  app.get('/metrics', { config: { action: 'metrics' }, schema: { hide: true } }, async (_request, reply) => {
    const { db } = deps.database;
    const read = {
      ...(await readGauges(db)),
      orders: [...(await ended()), ...(await countOrders(db, open))],
    };
    for (const name of ['orders', 'attention', 'refunds', 'findings', 'waiting'] as const)
      set[name](read[name], deps.now());
    const complete = await lastRun(db, 'complete');
    if (complete) reconciled.set({ part: 'all' }, (deps.now() - complete.started_at) / 1000);
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}
