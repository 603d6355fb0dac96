import { sql } from 'kysely';
import type { OrderStory } from '../domain/story.js';
import type { Db } from './database.js';
import { disputedMinor } from './disputes.js';
import { refundsOf } from './refunds.js';

/** What the customer's page tells of an order beside its snapshot. */
export async function storyOf(db: Db, orderId: string): Promise<OrderStory | undefined> {
  const posted = (operation: 'charge' | 'delivery') =>
    sql<
      number | null
    >`(select min(at) from ledger_entries where order_id = o.id and operation = ${operation})`;
  const order = await db
    .selectFrom('orders as o')
    .select(['o.policy', 'o.address', posted('charge').as('paidAt'), posted('delivery').as('deliveredAt')])
    .select((eb) =>
      eb
        .selectFrom('fulfillment_orders')
        .select((each) => each.fn.min('created_at').as('at'))
        .whereRef('order_id', '=', 'o.id')
        .as('startedAt'),
    )
    .select((eb) =>
      eb
        .selectFrom('order_steps')
        .select((each) => each.fn.max('at').as('at'))
        .whereRef('order_id', '=', 'o.id')
        .where('status', '=', 'in_transit')
        .as('pickedUpAt'),
    )
    .select(
      sql<boolean>`exists (select from disputes where order_id = o.id and status = 'open')`.as(
        'disputeIsOpen',
      ),
    )
    .select(disputedMinor('o.id').as('disputedMinor'))
    .where('o.id', '=', orderId)
    .executeTakeFirst();
  if (!order) return undefined;
  return {
    paidAt: order.paidAt,
    fulfillmentStartedAt: order.startedAt,
    deliveredAt: order.deliveredAt,
    pickedUpAt: order.pickedUpAt,
    disputeIsOpen: order.disputeIsOpen,
    disputedMinor: order.disputedMinor,
    cancelWish: await cancelWishOf(db, orderId),
    refunds: (await refundsOf(db, orderId)).map((row) => ({
      id: row.id,
      gatewayId: row.gateway_id,
      amountMinor: row.amount_minor,
      currency: row.currency,
      status: row.status,
      requestedAt: row.requested_at,
      settledAt: row.settled_at,
    })),
    policy: order.policy,
    shipTo: order.address,
  };
}

async function cancelWishOf(db: Db, orderId: string): Promise<OrderStory['cancelWish']> {
  const wish = await db
    .selectFrom('commands')
    .select(['actor', 'outcome'])
    .where('order_id', '=', orderId)
    .where('kind', '=', 'cancel')
    .orderBy('requested_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return wish ? { byCustomer: wish.actor.startsWith('customer:'), answered: wish.outcome !== null } : null;
}
