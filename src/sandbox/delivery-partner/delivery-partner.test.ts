import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { partnerEventSchema, shipmentSchema } from '../../contract/delivery-partner.js';
import { ofType, openReceiver, openWorld, shipmentFor, type Received, type World } from '../testing.js';

let world: World;
let receiver: Awaited<ReturnType<typeof openReceiver>>;
beforeAll(async () => {
  receiver = await openReceiver();
  world = await openWorld({ deliveryWebhookUrl: receiver.url });
});
afterAll(async () => {
  await world.close();
  await receiver.close();
});

let count = 0;
const newReference = () => `po_ship${++count}:fulfillment:1`;
const about = (name: string, reference: string) => (hook: Received) =>
  ofType(name)(hook) && hook.body.includes(`"${reference}"`);
const eventFor = async (name: string, reference: string) =>
  partnerEventSchema.parse(JSON.parse((await receiver.next(about(name, reference))).body));
const book = async (reference: string) =>
  shipmentSchema.parse((await world.partner('POST', '/shipments', shipmentFor(reference))).json);
const cancel = (id: string) => world.partner('POST', `/shipments/${id}/cancel`);
const statusOf = async (id: string) => (await world.partner('GET', `/shipments/${id}`)).json.status;
const mode = (prefix: string, rest: object) =>
  world.control('PUT', '/delivery-partner/modes', { prefix, ...rest });

describe('shipments', () => {
  it('are accepted, picked up, delivered and told about', async () => {
    const reference = newReference();
    const shipment = await book(reference);
    expect(shipment).toMatchObject({ status: 'accepted', tracker: { status: 'pre_transit' } });
    expect((await eventFor('shipment.accepted', reference)).result.id).toBe(shipment.id);
    await world.control('POST', `/shipments/${encodeURIComponent(reference)}/events`, {
      status: 'in_transit',
    });
    await world.control('POST', `/shipments/${shipment.id}/events`, {
      status: 'delivered',
      status_detail: 'left at the door',
    });
    const event = await eventFor('delivered', reference);
    expect(event).toMatchObject({
      description: 'tracker.updated',
      result: {
        shipment_id: shipment.id,
        status_detail: 'left at the door',
        tracking_details: [{ status: 'in_transit' }, { status: 'delivered' }],
      },
    });
    expect(await statusOf(shipment.id)).toBe('closed');
  });

  it('are booked once per reference', async () => {
    const reference = newReference();
    const { id } = await book(reference);
    const again = await world.partner('POST', '/shipments', shipmentFor(reference));
    expect(again).toMatchObject({
      status: 409,
      json: { error: { code: 'SHIPMENT.REFERENCE.TAKEN', shipment_id: id } },
    });
    const found = await world.partner('GET', `/shipments?reference=${encodeURIComponent(reference)}`);
    expect(found.json.shipments).toHaveLength(1);
    expect((await world.partner('GET', '/shipments?reference=nothing')).json).toEqual({ shipments: [] });
  });

  it('need an address that exists, a key and a known id', async () => {
    for (const address of [{ country: 'XX' }, { zip: '00000' }] as Record<string, string>[]) {
      const reply = await world.partner('POST', '/shipments', shipmentFor(newReference(), address));
      expect(reply).toMatchObject({ status: 422, json: { error: { code: 'ADDRESS.UNDELIVERABLE' } } });
    }
    const broken = await world.partner('POST', '/shipments', shipmentFor(newReference(), { city: '' }));
    expect(broken).toMatchObject({ status: 422, json: { error: { code: 'PARAMETER.INVALID' } } });
    expect((await fetch(`${world.url}/v2/shipments`)).status).toBe(401);
    expect((await world.partner('GET', '/shipments/shp_none')).status).toBe(404);
  });

  it('are cancelled once, with the same answer again, and not after pickup', async () => {
    const reference = newReference();
    const { id } = await book(reference);
    expect(await cancel(id)).toMatchObject({ status: 200, json: { status: 'cancelled' } });
    expect(await cancel(id)).toMatchObject({ status: 200, json: { status: 'cancelled' } });
    await eventFor('shipment.cancelled', reference);
    expect(receiver.all.filter(about('shipment.cancelled', reference))).toHaveLength(1);

    const gone = await book(newReference());
    await world.control('POST', `/shipments/${gone.id}/events`, { status: 'in_transit' });
    expect(await cancel(gone.id)).toMatchObject({
      status: 409,
      json: { error: { code: 'SHIPMENT.ALREADY_PICKED_UP' } },
    });
  });

  it('count reminders', async () => {
    const reference = newReference();
    const { id } = await book(reference);
    expect(await world.partner('POST', `/shipments/${id}/reminders`)).toMatchObject({ status: 202 });
    expect((await world.partner('POST', `/shipments/${id}/reminders`)).json.reminders).toBe(2);
    const listed = await world.control('GET', `/shipments?reference=${reference.slice(0, -2)}`);
    expect(listed.json).toMatchObject([{ id, reminders: 2, status: 'accepted' }]);
  });
});

describe('modes', () => {
  it('later: asked first, answered by itself', async () => {
    const reference = newReference();
    await mode(reference, { acceptance: 'later', cancellation: 'later', answerAfterMs: 0 });
    const shipment = await book(reference);
    expect(shipment).toMatchObject({ status: 'submitted', tracking_code: null });
    await eventFor('shipment.accepted', reference);
    expect(await statusOf(shipment.id)).toBe('accepted');
    expect((await cancel(shipment.id)).json.status).toBe('cancellation_requested');
    await eventFor('shipment.cancelled', reference);
    expect(await statusOf(shipment.id)).toBe('cancelled');
  });

  it('reject: refused at once', async () => {
    const reference = newReference();
    await mode(reference, { acceptance: 'reject' });
    const shipment = await book(reference);
    expect(shipment).toMatchObject({ status: 'rejected', messages: [{ code: 'SHIPMENT.REJECTED' }] });
    await eventFor('shipment.rejected', reference);
    await mode(reference, { acceptance: 'now', cancellation: 'reject' });
    const second = await book(`${reference}0`);
    expect(await cancel(second.id)).toMatchObject({
      status: 409,
      json: { error: { code: 'SHIPMENT.CANCELLATION_REJECTED' } },
    });
  });

  it('silent: waits for an answer on command', async () => {
    const reference = newReference();
    await mode(reference, { acceptance: 'silent', cancellation: 'silent' });
    const { id } = await book(reference);
    expect(await statusOf(id)).toBe('submitted');
    await world.control('POST', `/shipments/${id}/answer`, { answer: 'accepted' });
    await eventFor('shipment.accepted', reference);
    expect((await cancel(id)).json.status).toBe('cancellation_requested');
    await world.control('POST', `/shipments/${id}/answer`, { answer: 'cancel_rejected' });
    const event = await eventFor('shipment.cancel_rejected', reference);
    expect(event.result).toMatchObject({ id, status: 'accepted' });
  });

  it('a pickup beats a cancellation that was still being decided', async () => {
    const reference = newReference();
    await mode(reference, { cancellation: 'later', answerAfterMs: 50 });
    const { id } = await book(reference);
    await cancel(id);
    await world.control('POST', `/shipments/${id}/events`, { status: 'in_transit' });
    await eventFor('shipment.cancel_rejected', reference);
    expect(await statusOf(id)).toBe('accepted');
  });

  it('leave other references alone, and name what is allowed', async () => {
    await mode('po_other', { acceptance: 'silent' });
    expect((await book(newReference())).status).toBe('accepted');
    const wrong = await mode('x', { acceptance: 'maybe' });
    expect(wrong).toMatchObject({ status: 400 });
    expect(wrong.json.error).toContain('silent');
  });
});
