import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../support/world.js';
import { createHttp, type Got, type Http } from './support/http.js';
import { secrets } from './support/second-api.js';
import { event, seconds, sign, stripe, type Partner } from './support/signed.js';

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

/** Stripe's events of a dispute carry its evidence: 150,000 characters, of several bytes each. */
const mostBytes: Record<Partner, number> = { payment: 512 * 1024, delivery: 20 * 1024 };
const deepest: Record<Partner, number> = { payment: 200_000, delivery: 9_000 };
const headerOf: Record<Partner, string> = { payment: 'stripe-signature', delivery: 'x-hmac-signature' };

const post = (partner: Partner, body: string, headers: Record<string, string>): Promise<Got> =>
  http.send({ method: 'POST', path: `/webhooks/${partner}`, body, headers, key: null });

const rows = (id?: string) => {
  const query = world.database.db.selectFrom('inbox').selectAll();
  return (id === undefined ? query : query.where('event_id', '=', id)).execute();
};

async function refused(
  partner: Partner,
  body: string,
  headers: Record<string, string>,
  status = 400,
): Promise<Got> {
  const before = await rows();
  const got = await post(partner, body, headers);
  expect(got.status, got.text).toBe(status);
  expect((await rows()).length).toBe(before.length);
  return got;
}

describe.each<Partner>(['payment', 'delivery'])('from the %s partner', (partner) => {
  it('a signed event is kept, once, for ever', async () => {
    const { id, text } = event(partner);
    expect((await post(partner, text, sign[partner](text))).status).toBe(204);
    const [row] = await rows(id);
    expect(row).toMatchObject({ source: partner, event_id: id, payload: JSON.parse(text) as object });
    // The same id with other contents is no new event either.
    const other = event(partner, { id, more: 'changed' }).text;
    expect((await post(partner, other, sign[partner](other))).status).toBe(204);
    expect(await rows(id)).toMatchObject([{ payload: JSON.parse(text) as object }]);
  });

  it('the same body 100 times in parallel is one row', async () => {
    const { id, text } = event(partner);
    const headers = sign[partner](text);
    const got = await Promise.all(Array.from({ length: 100 }, () => post(partner, text, headers)));
    expect(new Set(got.map(({ status }) => status))).toEqual(new Set([204]));
    expect(await rows(id)).toHaveLength(1);
  });

  it('a kind nobody knows is kept and ignored', async () => {
    const { id, text } = event(partner, { type: 'invented.kind', description: 'invented.kind' });
    expect((await post(partner, text, sign[partner](text))).status).toBe(204);
    await expect.poll(async () => (await rows(id))[0]?.outcome).toMatch(/^ignored/);
  });

  it('white space, unicode and key order count: the raw body is what was signed', async () => {
    const { id, text } = event(partner, { note: 'é 李 👍 \u202e' });
    const spaced = JSON.stringify(JSON.parse(text), null, 3);
    await refused(partner, spaced, sign[partner](text));
    expect((await post(partner, spaced, sign[partner](spaced))).status).toBe(204);
    expect(await rows(id)).toHaveLength(1);
  });

  it.each<[string, (text: string) => [string, Record<string, string>]]>([
    ['an altered body', (text) => [text.replace('evt_', 'evt_0'), sign[partner](text)]],
    ['one more byte', (text) => [`${text} `, sign[partner](text)]],
    ['another secret', (text) => [text, sign[partner](text, 'whsec_other')]],
    ['no header', (text) => [text, {}]],
    ['an empty header', (text) => [text, { [headerOf[partner]]: '' }]],
    ['a header without a signature', (text) => [text, { [headerOf[partner]]: `t=${seconds()},v0=x` }]],
    [
      "the other partner's signature",
      (text) => [text, sign[partner === 'payment' ? 'delivery' : 'payment'](text)],
    ],
    [
      'capitals in the signature',
      (text) => {
        const value = Object.values(sign[partner](text))[0] ?? '';
        return [text, { [headerOf[partner]]: value.replace(/[0-9a-f]{64}/, (hex) => hex.toUpperCase()) }];
      },
    ],
  ])('%s is 400 and leaves no row', async (_name, make) => {
    const got = await refused(partner, ...make(event(partner).text));
    expect(got.body.code).toBe('bad_signature');
  });

  it.each([
    ['nothing', ''],
    ['no JSON', 'hello'],
    ['null', 'null'],
    ['a list', '[]'],
    ['a number', '1'],
    ['no fields', '{}'],
    ['no kind', '{"id":"evt_1"}'],
    ['no id', '{"type":"x","description":"x"}'],
    ['an empty id', '{"id":"","type":"x","description":"x"}'],
    ['an id of 300 characters', `{"id":"${'x'.repeat(300)}","type":"x","description":"x"}`],
    ['a number as id', '{"id":7,"type":"x","description":"x"}'],
    ['an object as kind', '{"id":"evt_1","type":{},"description":{}}'],
    ['NUL in the id', '{"id":"evt_\\u0000","type":"x","description":"x"}'],
    ['NUL deep inside', '{"id":"evt_n","type":"x","description":"x","data":{"a":["\\u0000"]}}'],
    ['half a surrogate', '{"id":"evt_s","type":"x","description":"x","data":"\\ud800"}'],
    [
      'nesting without end',
      `{"id":"evt_d","type":"x","description":"x","data":${'['.repeat(deepest[partner])}${']'.repeat(deepest[partner])}}`,
    ],
  ])('well signed, and still no event: %s', async (_name, text) => {
    const got = await refused(partner, text, sign[partner](text));
    expect(['invalid_request', 'bad_signature']).toContain(got.body.code);
  });

  it('what is too large is 413 before anyone looks at it; up to that size it is kept', async () => {
    const { id, text } = event(partner, { fill: '' });
    const fit = text.replace('"fill":""', `"fill":"${'x'.repeat(mostBytes[partner] - text.length)}"`);
    expect((await post(partner, fit, sign[partner](fit))).status).toBe(204);
    expect(await rows(id)).toHaveLength(1);
    const more = `${fit} `;
    expect((await refused(partner, more, sign[partner](more), 413)).body.code).toBe('body_too_large');
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/octet-stream'])(
    'the content type %j does not matter, the signature does',
    async (type) => {
      const { id, text } = event(partner);
      const headers = { ...sign[partner](text), 'content-type': type };
      expect((await post(partner, text, headers)).status).toBe(204);
      expect(await rows(id)).toHaveLength(1);
    },
  );
});

describe("Stripe's timestamp", () => {
  const at = (timestamp: number, payload: string): string =>
    stripe.webhooks.generateTestHeaderString({ payload, secret: secrets.payment, timestamp });
  const signed = (timestamp: number) => {
    const { text } = event('payment');
    return [text, { 'stripe-signature': at(timestamp, text) }] as const;
  };

  it.each([
    ['six minutes old', -360],
    ['a year old', -31_536_000],
    ['six minutes in the FUTURE', 360],
    ['a year in the FUTURE', 31_536_000],
  ])('%s is refused', async (_name, offset) => {
    await refused('payment', ...signed(seconds() + offset));
  });

  it.each([
    ['four minutes old', -240],
    ['four minutes ahead', 240],
  ])('%s is taken', async (_name, offset) => {
    expect((await post('payment', ...signed(seconds() + offset))).status).toBe(204);
  });

  it('a second timestamp does not hide the one that was signed', async () => {
    const { text } = event('payment');
    for (const offset of [360, 31_536_000, -360]) {
      const header = at(seconds() + offset, text);
      await refused('payment', text, { 'stripe-signature': `t=${seconds()},${header}` });
      await refused('payment', text, { 'stripe-signature': `${header},t=${seconds()}` });
    }
  });

  it.each(['t=NaN', 't=', 't=-1', 't=1e99', 't=99999999999999999999', ''])('%j is refused', async (stamp) => {
    const { text } = event('payment');
    const v1 = at(seconds(), text).split(',')[1];
    await refused('payment', text, { 'stripe-signature': `${stamp},${v1}` });
  });

  it('one good signature among others is enough: secrets are rotated', async () => {
    const { text } = event('payment');
    const [t, v1] = at(seconds(), text).split(',');
    const header = `${t},v1=${'0'.repeat(64)},${v1}`;
    expect((await post('payment', text, { 'stripe-signature': header })).status).toBe(204);
  });
});

describe("the partner's word on a shipment", () => {
  it.each(['yesterday', '', '2026-13-45T00:00:00Z', '0000-01-01T00:00:00Z', '+275760-09-13T00:00:01Z'])(
    'at the instant %j is kept, ignored, and the order goes on',
    async (instant) => {
      const { body } = await world.place();
      const id = body.orderId;
      await world.command(id, 'start-fulfillment');
      await world.untilStatus(id, 'awaiting_pickup');
      const result = {
        id: 'trk_1',
        shipment_id: 'shp_1',
        reference: `${id}:fulfillment:1`,
        tracking_code: null,
        status: 'in_transit',
        status_detail: '',
        updated_at: instant,
        tracking_details: [],
      };
      const { id: eventId, text } = event('delivery', { result });
      expect((await post('delivery', text, sign.delivery(text))).status).toBe(204);
      await expect.poll(async () => (await rows(eventId))[0]?.outcome).toMatch(/^ignored/);
      const picked = await world.command(id, 'item-picked');
      expect(picked.body.order.status).toBe('in_transit');
    },
  );
});
