import type { FindingText } from '../contract/reconciliation.js';
import type { openFindings } from '../db/findings.js';
import { FINDING_DUE_MS, findingKinds } from '../domain/reconciliation.js';

const iso = (ms: number): string => new Date(ms).toISOString();

export const findingView = (row: Awaited<ReturnType<typeof openFindings>>[number]): FindingText => ({
  kind: row.kind,
  text: findingKinds[row.kind],
  subject: row.subject,
  orderId: row.order_id,
  detail: row.detail,
  firstSeen: iso(row.first_seen),
  lastSeen: iso(row.last_seen),
  dueAt: iso(row.first_seen + FINDING_DUE_MS),
  acknowledgedBy: row.acknowledged_by,
});
