import { expect, it } from 'vitest';
import type { NeedsMe } from '../../../contract/console.js';
import type { Reconciliation } from '../../../contract/reconciliation.js';
import { needsOf } from './needs.js';

const item = (kind: string, orderId: string, call: string | null = null) =>
  ({ kind, orderId, call }) as NeedsMe['items'][number];
const finding = (orderId: string | null, acknowledgedBy: string | null) =>
  ({ orderId, acknowledgedBy }) as Reconciliation['findings'][number];

const items = [
  item('attention', 'a', 'refund_failed'),
  item('refund', 'a', 'refund_failed'),
  item('pickup', 'b', 'pickup_overdue'),
  // Somebody is called for this order, but not for that.
  item('attention', 'c', 'disputed'),
  item('pickup', 'c'),
];
const counts = { total: 104, attention: 2, deadline: 99, pickup: 2, refund: 1 };

it('counts one trouble of one order once, and what belongs to no order too', () => {
  const found = [finding(null, null), finding(null, 'somebody'), finding('a', null)];
  const needs = needsOf({ items, counts }, { run: null, findings: found });
  expect([...needs.repeats]).toEqual([items[1], items[2]]);
  expect(needs.findings).toEqual([found[0]]);
  expect(needs.counts).toEqual({ ...counts, finding: 1, total: 103 });
});

it('does not wait for the reconciler', () => {
  expect(needsOf({ items: [], counts }, undefined)).toMatchObject({ findings: [], counts: { total: 104 } });
});
