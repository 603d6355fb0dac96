import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { awaitingPickup, inTransit, placed, startedWith } from '../support/flows.js';
import { assertInvariants } from '../support/invariants.js';
import { createWorld, type World } from '../support/world.js';
import { eventually } from '../support/eventually.js';

vi.setConfig({ maxConcurrency: 16 });

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(async () => {
  try {
    await assertInvariants(world);
  } finally {
    await world.close();
  }
});

async function outcomes(id: string): Promise<string[]> {
  const rows = await world.database.db.selectFrom('inbox').selectAll().execute();
  return rows.filter((row) => JSON.stringify(row.payload).includes(id)).map((row) => row.outcome ?? 'open');
}

const allTaken = (id: string) =>
  eventually(async () => {
    const seen = await outcomes(id);
    return seen.length > 0 && !seen.includes('open');
  });

describe('the same webhook', () => {
  it.concurrent('a hundred times in parallel: one effect', async () => {
    const id = await awaitingPickup(world);
    await world.sandbox.scan(id, 'in_transit');
    await world.untilStatus(id, 'in_transit');
    const before = await world.order(id);
    const { accepted } = (await world.sandbox.replay({ orderId: id, times: 100 })) as { accepted: number };
    expect(accepted).toBeGreaterThanOrEqual(200);
    await allTaken(id);
    expect(await world.order(id)).toMatchObject({
      ...before,
      now: expect.any(String) as string,
      timeLeftMs: expect.any(Number) as number,
    });
    const { events } = await world.temporal.workflow.getHandle(`delivery-${id}`).fetchHistory();
    expect(events?.filter(({ eventType }) => Number(eventType) === 26)).toHaveLength(1);
  });

  it.concurrent('all of an order again, in the wrong order, while it goes on', async () => {
    const id = await inTransit(world);
    for (const status of ['in_transit', 'out_for_delivery', 'failure', 'out_for_delivery']) {
      await world.sandbox.scan(id, status);
    }
    await world.sandbox.replay({ orderId: id, times: 3, reverse: true });
    await world.sandbox.scan(id, 'delivered');
    await world.untilStatus(id, 'completed');
    await world.sandbox.replay({ orderId: id, times: 2, reverse: true });
    await allTaken(id);
    expect(await world.order(id)).toMatchObject({ status: 'completed', shipment: { status: 'delivered' } });
  });

  it.concurrent('of the gateway, for an order that was cancelled meanwhile', async () => {
    const id = await placed(world);
    await world.command(id, 'cancel');
    await world.untilStatus(id, 'cancelled');
    await world.sandbox.replay({ orderId: id, times: 20, reverse: true });
    const books = await world.sandbox.books(id);
    expect(books.flatMap((book) => book.refunds)).toHaveLength(1);
    expect((await world.order(id)).needsAttention).toBeNull();
  });
});

describe('a webhook that comes early', () => {
  it.concurrent('the acceptance, before our booking call returned', async () => {
    const id = await placed(world);
    const about = { target: 'delivery-partner', match: id };
    await world.sandbox.fault({ ...about, operation: 'create_shipment', kind: 'drop_reply', times: 1 });
    const { id: list } = await world.sandbox.fault({
      ...about,
      operation: 'list_shipments',
      kind: 'error_500',
    });
    await world.command(id, 'start-fulfillment');
    await eventually(async () => (await outcomes(id)).length > 0);
    expect((await world.order(id)).status).toBe('fulfillment_requested');
    await world.sandbox.ask('DELETE', `/faults/${list}`);
    await world.untilStatus(id, 'awaiting_pickup');
    await allTaken(id);
    expect(await world.sandbox.shipments(id)).toHaveLength(1);
  });

  it.concurrent('even the pickup', async () => {
    const id = await placed(world);
    const about = { target: 'delivery-partner', match: id };
    await world.sandbox.fault({ ...about, operation: 'create_shipment', kind: 'drop_reply', times: 1 });
    const { id: list } = await world.sandbox.fault({
      ...about,
      operation: 'list_shipments',
      kind: 'error_500',
    });
    await world.command(id, 'start-fulfillment');
    await eventually(async () => (await world.sandbox.shipments(id)).length > 0);
    await world.sandbox.scan(id, 'in_transit');
    await world.sandbox.ask('DELETE', `/faults/${list}`);
    await world.untilStatus(id, 'in_transit');
  });

  it.concurrent('a scan before the acceptance', async () => {
    const id = await startedWith(world, { acceptance: 'silent' });
    await world.sandbox.scan(id, 'in_transit');
    await world.untilStatus(id, 'in_transit');
    await world.sandbox.answer(id, 'accepted');
    await allTaken(id);
    expect((await world.order(id)).status).toBe('in_transit');
  });
});

describe('a webhook that is not ours', () => {
  it.concurrent('about an unknown order is kept and ignored', async () => {
    const reference = `po_${'0'.repeat(18)}:fulfillment:1`;
    const address = { name: 'X', street1: '1 St', city: 'C', zip: '12345', country: 'US' };
    const response = await fetch(`${world.sandbox.url}/v2/shipments`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('key:')}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        shipment: { reference, to_address: address, parcel: { sku: 'x', quantity: 1 } },
      }),
    });
    expect(response.status).toBe(201);
    await allTaken(reference);
    expect(await outcomes(reference)).toEqual(['ignored: unknown order']);
  });

  it.concurrent('signed by nobody is refused and not kept', async () => {
    const body = JSON.stringify({ id: 'evt_forged', description: 'tracker.updated' });
    for (const signature of ['', `hmac-sha256-hex=${'0'.repeat(64)}`]) {
      const headers = { 'x-hmac-signature': signature };
      const response = await fetch(`${world.url}/webhooks/delivery`, { method: 'POST', headers, body });
      expect(response.status).toBe(400);
    }
    const kept = world.database.db
      .selectFrom('inbox')
      .select('event_id')
      .where('event_id', '=', 'evt_forged');
    expect(await kept.execute()).toEqual([]);
  });
});
