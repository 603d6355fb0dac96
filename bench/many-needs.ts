import { sql } from 'kysely';
import type { Database } from '../src/db/database.js';

/** Of the orders that are there: what people are called for on a busy day. The first product has been released. */
export async function fillWithNeeds({ db }: Database): Promise<void> {
  await sql`
    insert into attention (order_id, reason, since, due_at)
    select id, 'delivery_failed', updated_at, updated_at + interval '2 days' from orders where status = 'delivery_exception'
    order by id desc limit 40`.execute(db);
  await sql`
    insert into fulfillment_orders (order_id, attempt, status, partner_id, reminders, created_at, updated_at)
    select id, 1, case status when 'fulfillment_requested' then 'submitted' else 'accepted' end, 'shp_' || id,
      case when status = 'awaiting_pickup' and row_number() over (partition by status order by id desc) <= 100 then 2 else 0 end,
      now() - interval '3 days', now() - interval '1 day'
    from orders where status in ('fulfillment_requested', 'awaiting_pickup', 'in_transit', 'delivery_exception', 'completed')`.execute(
    db,
  );
  // Nearly all of them are settled; the newest are on their way, and some of those have failed.
  await sql`
    insert into refunds (id, order_id, n, gateway_id, amount_minor, currency, status, requested_at, settled_at)
    select id || ':refund:1', id, 1, 're_' || id, amount_minor, currency, state,
      case state when 'succeeded' then updated_at else now() - interval '3 days' end,
      case state when 'pending' then null when 'failed' then now() - interval '1 day' else updated_at end
    from (select *, case when age <= 20 then 'failed' when age <= 300 then 'pending' else 'succeeded' end as state
      from (select *, row_number() over (order by id desc) as age from orders where status = 'cancelled') as c) as s`.execute(
    db,
  );
  await sql`
    insert into attention (order_id, reason, since, due_at)
    select order_id, 'refund_failed', settled_at, settled_at + interval '2 days' from refunds where status = 'failed'`.execute(
    db,
  );
}
