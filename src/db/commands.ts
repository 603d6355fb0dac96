import { sql } from 'kysely';
import type { Db } from './database.js';
import { at, instant } from './schema.js';

export interface Command {
  id: string;
  orderId: string;
  kind: string;
  actor: string;
  input: object;
}

/** Keeps a person's command before a workflow is asked, so that it survives whatever is down. */
export async function keepCommand(db: Db, command: Command, now: number): Promise<void> {
  await db
    .insertInto('commands')
    .values({
      id: command.id,
      order_id: command.orderId,
      kind: command.kind,
      actor: command.actor,
      input: JSON.stringify(command.input),
      requested_at: at(now),
      outcome: null,
      message: null,
    })
    .onConflict((oc) => oc.doNothing())
    .execute();
}

/** How many commands of this kind the same person has kept for the order. */
export async function countCommands(db: Db, { orderId, kind, actor }: Command): Promise<number> {
  const { count } = await db
    .selectFrom('commands')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('order_id', '=', orderId)
    .where('kind', '=', kind)
    .where('actor', '=', actor)
    .executeTakeFirstOrThrow();
  return count;
}

export async function findCommand(db: Db, id: string) {
  return db.selectFrom('commands').selectAll().where('id', '=', id).executeTakeFirst();
}

/** What a person gave as proof with this command. Undefined: no such command was kept. */
export async function proofOf(db: Db, commandId: string): Promise<string | undefined> {
  const { rows } = await sql<{ proof: string | null }>`
    select input->'resolution'->>'reference' as proof from commands where id = ${commandId}`.execute(db);
  return rows[0]?.proof ?? undefined;
}

export async function commandAnswered(
  db: Db,
  id: string,
  outcome: string,
  message: string,
  now: number,
): Promise<void> {
  await db
    .updateTable('commands')
    .set({ answered_at: at(now), outcome, message })
    .where('id', '=', id)
    .where('answered_at', 'is', null)
    .execute();
}

/** Commands nobody answered since `before` (epoch ms). */
export async function openCommands(db: Db, before: number, limit = 50) {
  return db
    .selectFrom('commands')
    .selectAll()
    .where('answered_at', 'is', null)
    .where('requested_at', '<', instant(before))
    .orderBy('requested_at')
    .limit(limit)
    .execute();
}
