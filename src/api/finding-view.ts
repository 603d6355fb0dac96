import type { FindingText } from '../contract/reconciliation.js';
import type { openFindings } from '../db/findings.js';
import { findingKinds } from '../domain/reconciliation.js';

const iso = (ms: number): string => new Date(ms).toISOString();

export const findingView = (row: Awaited<ReturnType<typeof openFindings>>[number]): FindingText => ({
  kind: row.kind,
  text: findingKinds[row.kind],
  subject: row.subject,
  orderId: row.order_id,
  detail: row.detail,
  firstSeen: iso(row.first_seen),
  lastSeen: iso(row.last_seen),
  acknowledgedBy: row.acknowledged_by,
});
