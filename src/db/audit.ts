import type { Db } from './database.js';
import { at } from './schema.js';

/** Who asked for what, and what came of it: ids and codes only, never a person's data, a secret or a body. */
export interface AuditEntry {
  /** Epoch ms. */
  at: number;
  caller: string;
  /** Of a machine key, or `token:` and the beginning of a token's hash; null for nobody. */
  keyId: string | null;
  action: string;
  orderId: string | null;
  outcome: string;
  /** The problem's code, when it was refused. */
  code: string | null;
  requestId: string;
  /** More than 1: so many refusals that were counted, not listed. */
  times: number;
}

export async function writeAudit(db: Db, entries: AuditEntry[]): Promise<void> {
  await db
    .insertInto('audit')
    .values(
      entries.map((entry) => ({
        at: at(entry.at),
        caller: entry.caller,
        key_id: entry.keyId,
        action: entry.action,
        order_id: entry.orderId,
        outcome: entry.outcome,
        code: entry.code,
        request_id: entry.requestId,
        times: entry.times,
      })),
    )
    .execute();
}

/** The newest of one order, oldest first, with the names of their keys. */
export async function auditOf(db: Db, orderId: string, limit = 500) {
  const rows = await db
    .selectFrom('audit')
    .leftJoin('machine_keys', 'machine_keys.id', 'audit.key_id')
    .select(['audit.id', 'audit.at', 'caller', 'key_id', 'action', 'outcome', 'code', 'request_id', 'times'])
    .select('machine_keys.name as key_name')
    .where('order_id', '=', orderId)
    .orderBy('audit.id', 'desc')
    .limit(limit)
    .execute();
  return rows.reverse().sort((a, b) => a.at - b.at);
}
