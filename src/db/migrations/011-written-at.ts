import { sql, type Kysely } from 'kysely';

const statements = [
  // Workflow time of an order's last write: tells a write of a task that was lost from one that is late.
  `alter table orders add column written_at timestamptz`,
  // Two tasks may begin the same undo, each with another count of those before it.
  `create unique index compensation_log_by_step on compensation_log (order_id, step)`,
];

/** What a lost workflow task has written. ADR 019. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
