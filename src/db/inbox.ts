import { sql } from 'kysely';
import type { Db } from './database.js';
import { at } from './schema.js';

export type Source = 'payment' | 'delivery';

/** Keeps a partner's event before it is acknowledged. False: this event id has been seen before. */
export async function receive(
  db: Db,
  event: { source: Source; eventId: string; type: string; payload: object; at: number },
): Promise<boolean> {
  const row = await db
    .insertInto('inbox')
    .values({
      source: event.source,
      event_id: event.eventId,
      type: event.type,
      payload: JSON.stringify(event.payload),
      received_at: at(event.at),
      next_attempt_at: at(event.at),
      outcome: null,
    })
    .onConflict((oc) => oc.doNothing())
    .returning('event_id')
    .executeTakeFirst();
  return row !== undefined;
}

export interface InboxEvent {
  source: Source;
  event_id: string;
  type: string;
  payload: unknown;
  attempts: number;
  received_at: number;
}

/** Events that are due; the next try is set before the work, so a crash in between only delays them. */
export async function takeDueEvents(db: Db, now: number, limit: number): Promise<InboxEvent[]> {
  const result = await sql<InboxEvent>`
    update inbox set attempts = attempts + 1,
      next_attempt_at = ${at(now)}::timestamptz + least(60, 0.5 * power(2, attempts)) * interval '1 second'
    where (source, event_id) in (
      select source, event_id from inbox where processed_at is null and next_attempt_at <= ${at(now)}::timestamptz
      order by received_at limit ${limit} for update skip locked)
    returning source, event_id, type, payload, attempts, received_at`.execute(db);
  return result.rows.sort((a, b) => a.received_at - b.received_at);
}

export async function eventsDone(db: Db, events: InboxEvent[], outcome: string, now: number): Promise<void> {
  const sources = events.map((event) => event.source);
  const ids = events.map((event) => event.event_id);
  await sql`
    update inbox set processed_at = ${at(now)}::timestamptz, outcome = ${outcome}
    from unnest(${sources}::text[], ${ids}::text[]) as done (source, event_id)
    where inbox.source = done.source and inbox.event_id = done.event_id`.execute(db);
}
