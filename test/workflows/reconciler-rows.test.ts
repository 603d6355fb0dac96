import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { atRest, inTransit, placed } from '../support/flows.js';
import { findingsOf, kindsOf } from '../support/reconciling.js';
import { createWorld, type World } from '../support/world.js';

/** Rows that another hand than a workflow's has changed. */

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const change = (statement: ReturnType<typeof sql>) => statement.execute(world.database.db);

describe('a row that says something else than its workflow', () => {
  it('until it is put right', async () => {
    const id = await placed(world);
    await atRest(world, `order-${id}`);
    await change(sql`update orders set status = 'in_transit' where id = ${id}`);
    expect(await findingsOf(world, id)).toContain(
      `status_differs: the row says in_transit (version 2), order-${id} says awaiting_release (version 2)`,
    );
    await change(sql`update orders set status = 'awaiting_release' where id = ${id}`);
    expect(await findingsOf(world, id)).toEqual([]);
  });

  it('in delivery, where the delivery’s word counts', async () => {
    const id = await inTransit(world);
    await atRest(world, `delivery-${id}`);
    await change(sql`update orders set status = 'awaiting_pickup' where id = ${id}`);
    expect(await kindsOf(world, id)).toContain('status_differs');
  });

  it('final, and by no step of an order', async () => {
    const id = await inTransit(world);
    await world.command(id, 'confirm-delivery');
    await world.untilStatus(id, 'completed');
    await change(sql`update orders set status = 'cancelled' where id = ${id}`);
    expect(await findingsOf(world, id)).toContain(
      'status_differs: the row says cancelled, its steps have led to completed',
    );
    await change(sql`update orders set status = 'completed' where id = ${id}`);
    expect(await findingsOf(world, id)).toEqual([]);
  });

  it('final long ago, while the workflow still runs', async () => {
    const id = await placed(world);
    await atRest(world, `order-${id}`);
    await change(sql`update orders set status = 'completed' where id = ${id}`);
    expect(await kindsOf(world, id)).not.toContain('workflow_outlives');
    await change(sql`update orders set touched_at = now() - interval '16 minutes' where id = ${id}`);
    expect(await kindsOf(world, id)).toContain('workflow_outlives');
  });
});

describe('stock', () => {
  it('a hold that its order left behind', async () => {
    const sku = await world.addProduct();
    const id = await placed(world, { sku });
    await world.command(id, 'cancel');
    await world.untilStatus(id, 'cancelled');
    await change(sql`update reservations set status = 'reserved' where order_id = ${id}`);
    expect(await findingsOf(world, id)).toEqual([
      'reservation_differs: cancelled; the reservation of 1 is reserved',
    ]);
    expect(await findingsOf(world, sku)).toEqual([
      'stock_differs: 0 of 1000 reserved, the reservations sum up to 1',
    ]);
    await change(sql`update reservations set status = 'released' where order_id = ${id}`);
    expect(await findingsOf(world, id)).toEqual([]);
    expect(await findingsOf(world, sku)).toEqual([]);
  });

  it('a reservation of more than was ordered', async () => {
    const sku = await world.addProduct();
    const id = await placed(world, { sku });
    await change(sql`update reservations set quantity = 2 where order_id = ${id}`);
    await change(sql`update products set reserved = 2 where sku = ${sku}`);
    expect(await findingsOf(world, id)).toEqual([
      'reservation_differs: awaiting_release; the reservation of 2 is reserved',
    ]);
  });

  it('a count that is not the sum of its reservations', async () => {
    const sku = await world.addProduct();
    await placed(world, { sku });
    await change(sql`update products set reserved = 7 where sku = ${sku}`);
    expect(await findingsOf(world, sku)).toEqual([
      'stock_differs: 7 of 1000 reserved, the reservations sum up to 1',
    ]);
  });
});
