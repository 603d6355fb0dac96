import { sql, type Kysely } from 'kysely';

const statements = [
  // Under which key a refund is asked for, and since when: the same one until the gateway has answered.
  `alter table refunds add column key_n integer not null default 1, add column keyed_at timestamptz`,
  `create trigger ledger_never_emptied before truncate on ledger_entries
    for each statement execute function refuse_change()`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
