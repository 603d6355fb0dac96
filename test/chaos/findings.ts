import { setTimeout as sleep } from 'node:timers/promises';
import type { Reconciliation } from '../../src/contract/reconciliation.js';
import { collectFacts, type OrderFacts } from '../support/facts.js';
import { moneyOf } from '../support/checks.js';
import type { Stack } from './stack.js';

/**
 * I7 as `preorder reconcile` sees it, at rest: nothing that does not fit, but what somebody gave back by hand of an order
 * that goes on, and that must be found. (Once the order is undone, the rest is refunded, and the books fit again.)
 */
export async function findings(stack: Stack): Promise<string[]> {
  const run = await completeRun(stack);
  if (typeof run === 'string') return [run];
  const { orders } = await collectFacts(stack.observed);
  const expected = new Set(orders.filter(isRefundedByHand).map(({ order }) => order.id));
  const found = new Set(run.findings.map(({ kind, subject }) => `${kind} ${subject}`));
  return [
    ...run.findings
      .filter(({ kind, subject }) => !(kind === 'ledger_differs' && expected.has(subject)))
      .map(({ kind, subject, detail }) => `I7: ${subject}: ${kind}: ${detail}`),
    ...[...expected]
      .filter((id) => !found.has(`ledger_differs ${id}`))
      .map((id) => `I7: ${id}: refunded by hand, and the reconciler has not found it`),
  ];
}

function isRefundedByHand(o: OrderFacts): boolean {
  const { refunded, gatewayRefunded, outside } = moneyOf(o);
  return (
    o.gateway.some(({ refunds }) => refunds.some(({ byHand }) => byHand)) &&
    refunded !== gatewayRefunded + outside
  );
}

/** One that looked at everything; the last of all runs may be one of the schedule's, which is still under way. */
async function completeRun({ direct }: Stack): Promise<Reconciliation | string> {
  let said = '';
  for (let tries = 0; tries < 10; tries++) {
    const { status, body } = await direct.call<Reconciliation>('POST', '/api/reconciliation/run');
    if (status === 200 && body.run?.outcome === 'complete') return body;
    said = `${status}, ${body.run?.outcome}, failed: ${body.run?.failed.join(', ')}`;
    await sleep(1_000);
  }
  return `I6: the reconciler does not come to an end: ${said}`;
}
