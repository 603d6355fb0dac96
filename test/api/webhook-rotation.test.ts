import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.js';
import { createWorld, type World } from '../support/world.js';
import { createHttp, type Got, type Http } from './support/http.js';
import { secondApi } from './support/second-api.js';
import { event, sign, type Partner } from './support/signed.js';

let world: World;
let http: Http;
beforeAll(async () => {
  world = await createWorld();
  http = createHttp(world.url, world.operatorKey);
});
afterAll(async () => {
  http.close();
  await world.close();
});

const post = (partner: Partner, body: string, headers: Record<string, string>): Promise<Got> =>
  http.send({ method: 'POST', path: `/webhooks/${partner}`, body, headers, key: null });

const rows = (id: string) =>
  world.database.db.selectFrom('inbox').selectAll().where('event_id', '=', id).execute();

describe.each<Partner>(['payment', 'delivery'])(
  'while the secret of the %s partner is rotated',
  (partner) => {
    const signedWith = (secret: string) => {
      const { text } = event(partner);
      return {
        method: 'POST',
        path: `/webhooks/${partner}`,
        body: text,
        headers: sign[partner](text, secret),
        key: null,
      };
    };

    it('both are accepted, and when it is done only the new one', async () => {
      const { database, temporal, taskQueue } = world;
      const statusOf = async (list: string[], secret: string): Promise<number> => {
        const webhookSecrets = { payment: list, delivery: list };
        const api = await secondApi({ database, temporal, taskQueue, webhookSecrets });
        const { status } = await api.send(signedWith(secret));
        await api.close();
        return status;
      };
      const [old, fresh] = ['whsec_old', 'whsec_new'];
      expect(await statusOf([fresh, old], old)).toBe(204);
      expect(await statusOf([fresh, old], fresh)).toBe(204);
      expect(await statusOf([fresh], fresh)).toBe(204);
      expect(await statusOf([fresh], old)).toBe(400);
      expect(await statusOf([fresh, old], 'whsec_other')).toBe(400);
      // The list is no secret itself.
      expect(await statusOf([fresh, old], `${fresh},${old}`)).toBe(400);
    });

    it('the list comes from the environment, and an empty one lets nobody in', () => {
      const name = partner === 'payment' ? 'STRIPE_WEBHOOK_SECRET' : 'DELIVERY_WEBHOOK_SECRET';
      expect(readConfig({ [name]: 'new, old' })[name]).toEqual(['new', 'old']);
      expect(readConfig({ [name]: 'one' })[name]).toEqual(['one']);
      expect(() => readConfig({ [name]: 'one,' })).toThrow(name);
    });
  },
);

describe('a replay', () => {
  it('of a delivery that was signed well, long after, is 204 and changes nothing', async () => {
    const { orderId: id } = (await world.place()).body;
    await world.command(id, 'start-fulfillment');
    await world.untilStatus(id, 'awaiting_pickup');
    const result = {
      id: 'trk_1',
      shipment_id: 'shp_1',
      reference: `${id}:fulfillment:1`,
      tracking_code: null,
      status: 'in_transit',
      status_detail: '',
      updated_at: new Date().toISOString(),
      tracking_details: [],
    };
    const { id: eventId, text } = event('delivery', { result });
    const headers = sign.delivery(text);
    expect((await post('delivery', text, headers)).status).toBe(204);
    await world.untilStatus(id, 'in_transit');
    await world.command(id, 'confirm-delivery');
    await world.untilStatus(id, 'completed');
    await expect.poll(async () => (await rows(eventId))[0]?.processed_at).not.toBeNull();
    const before = { row: await rows(eventId), order: (await world.order(id)).updatedAt };
    for (let n = 0; n < 3; n++) expect((await post('delivery', text, headers)).status).toBe(204);
    expect({ row: await rows(eventId), order: (await world.order(id)).updatedAt }).toEqual(before);
  });
});
