import type { OrderClient } from '../client/order-client.js';
import type { Db } from '../db/database.js';
import { eventsDone, takeDueEvents, type InboxEvent } from '../db/inbox.js';
import { tellDelivery } from './delivery-events.js';
import { findPayments, tellRefund } from './payment-events.js';

const BATCH = 50;

/** Tells the workflows what partners have said. */
export async function workInbox(db: Db, orders: OrderClient, now: () => number): Promise<boolean> {
  const events = await takeDueEvents(db, now(), BATCH);
  const payments = await findPayments(db, events);
  const done = new Map<string, InboxEvent[]>();
  try {
    for (const event of events) {
      const outcome =
        event.source === 'delivery'
          ? await tellDelivery(db, orders, event)
          : await tellRefund(db, orders, event, payments);
      if (outcome) done.set(outcome, [...(done.get(outcome) ?? []), event]);
    }
  } finally {
    for (const [outcome, same] of done) await eventsDone(db, same, outcome, now());
  }
  return events.length === BATCH;
}
