import { useQuery } from '@tanstack/react-query';
import type { NeedsMe } from '../../../contract/console.js';
import type { Reconciliation } from '../../../contract/reconciliation.js';
import { needsMeQuery, reconciliationQuery } from './queries.js';

export type Need = NeedsMe['items'][number];
export type Finding = Reconciliation['findings'][number];
export type Kind = Exclude<Need['kind'], 'deadlines'> | 'finding';

/** What waits for a person: of orders, and what belongs to no order, such as a charge that nobody knows. */
export interface Needs {
  counts: Record<Kind | 'total', number>;
  items: Need[];
  /** Items that somebody is called for already: the same trouble, seen from another side. */
  repeats: ReadonlySet<Need>;
  findings: Finding[];
}

export function needsOf({ counts, items }: NeedsMe, reconciliation: Reconciliation | undefined): Needs {
  const repeats = new Set(
    items.filter((item) => (item.kind === 'refund' || item.kind === 'pickup') && item.call !== null),
  );
  const findings = (reconciliation?.findings ?? []).filter(
    ({ orderId, acknowledgedBy }) => orderId === null && acknowledgedBy === null,
  );
  const total = counts.total - repeats.size + findings.length;
  return { counts: { ...counts, finding: findings.length, total }, items, repeats, findings };
}

/** For the mark in the navigation; undefined until it is known. */
export function useNeedsCount(): number | undefined {
  const needs = useQuery(needsMeQuery).data;
  const reconciliation = useQuery(reconciliationQuery).data;
  return needs && needsOf(needs, reconciliation).counts.total;
}
