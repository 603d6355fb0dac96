import type { FastifyInstance } from 'fastify';
import { Gauge, Histogram, Registry } from 'prom-client';
import { readGauges } from '../../db/gauges.js';
import { attentionReasons } from '../../domain/attention.js';
import { orderStatuses } from '../../domain/lifecycle.js';
import type { ApiDeps } from '../deps.js';

/** What the labels may be: the words of the domain and the patterns of routes, never an id or a person's data. */
export function measure(app: FastifyInstance, deps: ApiDeps): void {
  const registry = new Registry();
  const gauge = <L extends string>(name: string, help: string, labelNames: L[]): Gauge<L> =>
    new Gauge({ name: `preorder_${name}`, help, labelNames, registers: [registry] });

  const orders = gauge('orders', 'Orders by status', ['status']);
  const attention = gauge('needs_attention', 'Open calls for a person', ['reason']);
  const attentionAge = gauge('needs_attention_oldest_seconds', 'Age of the oldest open call', ['reason']);
  const refunds = gauge('refunds_unsettled', 'Refunds that are not settled', ['status']);
  const refundAge = gauge('refunds_unsettled_oldest_seconds', 'Age of the oldest of them', ['status']);
  const waiting = gauge('waiting', 'What waits to be worked on', ['queue']);
  const waitingAge = gauge('waiting_oldest_seconds', 'Age of the oldest of them', ['queue']);
  const durations = new Histogram({
    name: 'preorder_http_request_duration_seconds',
    help: 'HTTP requests by method, route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });

  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });

  async function refresh(): Promise<void> {
    const read = await readGauges(deps.database.db, deps.now());
    // One that is gone is 0, not missing: an alert on a missing series stays silent.
    for (const status of orderStatuses) orders.set({ status }, 0);
    for (const { status, n } of read.orders) orders.set({ status }, n);
    for (const reason of Object.keys(attentionReasons)) {
      attention.set({ reason }, 0);
      attentionAge.set({ reason }, 0);
    }
    for (const { reason, n, age } of read.attention) {
      attention.set({ reason }, n);
      attentionAge.set({ reason }, age);
    }
    for (const status of ['pending', 'requires_action']) {
      refunds.set({ status }, 0);
      refundAge.set({ status }, 0);
    }
    for (const { status, n, age } of read.refunds) {
      refunds.set({ status }, n);
      refundAge.set({ status }, age);
    }
    for (const { queue, n, age } of read.waiting) {
      waiting.set({ queue }, n);
      waitingAge.set({ queue }, age);
    }
  }

  app.get('/metrics', { config: { action: 'metrics' }, schema: { hide: true } }, async (_request, reply) => {
    await refresh();
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}
