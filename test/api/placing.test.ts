import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../support/world.js';
import { createHttp, type Got, type Http, type Sent } from './support/http.js';
import { footprint, leavesNoTrace, orderBody } from './support/orders.js';

let world: World;
let http: Http;
let sku: string;
beforeAll(async () => {
  world = await createWorld();
  http = createHttp(world.url, world.operatorKey);
  sku = await world.addProduct();
});
afterAll(async () => {
  http.close();
  await world.close();
});

const place = (body: unknown, headers: Sent['headers'] = { 'idempotency-key': randomUUID() }): Promise<Got> =>
  http.send({ method: 'POST', path: '/api/orders', body, headers, key: null });

async function refuses(body: unknown, status: number, code: string, headers?: Sent['headers']): Promise<Got> {
  let got: Got | undefined;
  await leavesNoTrace(world, [sku], async () => {
    got = await place(body, headers);
    expect(got.status, got.text).toBe(status);
    expect(got.body.code).toBe(code);
  });
  return got!;
}

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();

describe('a refused order leaves no trace', () => {
  it.each([0, -1, 1.5, 1001, 1e9, 1e21, '1', 'NaN', null, [1], { value: 1 }, true])(
    'quantity %j',
    async (quantity) => {
      await refuses(orderBody(sku, { quantity }), 400, 'invalid_request');
    },
  );

  it('quantity over what the policy allows', async () => {
    await refuses(orderBody(sku, { quantity: 11 }), 400, 'quantity_limit');
  });

  it.each(['no-such-product', '__proto__', 'constructor', 'toString'])('the product %s', async (unknown) => {
    const got = await refuses(orderBody(unknown), unknown === '__proto__' ? 400 : 404, expectedCode(unknown));
    expect(got.body.detail).toBeTruthy();
  });
  const expectedCode = (name: string): string => (name === '__proto__' ? 'invalid_request' : 'not_found');

  it.each([
    ['nothing', ''],
    ['half of it', '{"sku":"x"'],
    ['no JSON', 'sku=x'],
    ['NaN', '{"quantity":NaN}'],
    ['two of them', '{}{}'],
    ['a prototype', `{"sku":"x","__proto__":{"quantity":1}}`],
    ['a constructor', '{"constructor":{"prototype":{"quantity":1}}}'],
  ])('a body that is malformed: %s', async (name, text) => {
    await refuses(text, 400, name === 'nothing' ? 'invalid_request' : 'malformed_json');
  });

  it('malformed JSON is not quoted back: it may be an address', async () => {
    const got = await refuses('{"name": Canary Cardamom}', 400, 'malformed_json');
    expect(got.text).not.toMatch(/canary|cardamom/i);
  });

  it('a field that is not known, at any depth', async () => {
    await refuses(orderBody(sku, { price: 1 }), 400, 'invalid_request');
    const body = orderBody(sku);
    await refuses({ ...body, customer: { ...body.customer, isAdmin: true } }, 400, 'invalid_request');
  });

  it('one byte more than 64 KiB', async () => {
    const body = JSON.stringify(orderBody(sku));
    const padded = body + ' '.repeat(64 * 1024 + 1 - body.length);
    await refuses(padded, 413, 'body_too_large');
    await refuses('x'.repeat(10 * 64 * 1024), 413, 'body_too_large');
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/xml'])(
    'the content type %s',
    async (type) => {
      const headers = { 'content-type': type, 'idempotency-key': randomUUID() };
      await refuses(JSON.stringify(orderBody(sku)), 415, 'unsupported_media_type', headers);
    },
  );

  it('the deadline has passed: released longer ago than the grace', async () => {
    const late = await world.addProduct({ releaseDate: daysAgo(8) });
    await leavesNoTrace(world, [late], async () => {
      expect(await place(orderBody(late))).toMatchObject({ status: 409, body: { code: 'deadline_passed' } });
    });
  });

  it('the product is closed', async () => {
    const closed = await world.addProduct();
    await world.call('PATCH', `/api/products/${closed}`, { open: false });
    await leavesNoTrace(world, [closed], async () => {
      expect(await place(orderBody(closed))).toMatchObject({ status: 409, body: { code: 'not_open' } });
    });
  });

  it('sold out, or fewer left than asked for', async () => {
    const scarce = await world.addProduct({ capacity: 2 });
    await leavesNoTrace(world, [scarce], async () => {
      const got = await place(orderBody(scarce, { quantity: 3 }));
      expect(got).toMatchObject({ status: 409, body: { code: 'sold_out' } });
      expect(got.body.detail).toContain('Only 2 left');
    });
    expect((await place(orderBody(scarce, { quantity: 2 }))).status).toBe(201);
    await leavesNoTrace(world, [scarce], async () => {
      const got = await place(orderBody(scarce));
      expect(got).toMatchObject({ status: 409, body: { code: 'sold_out' } });
      expect(got.body.detail).toContain('Nothing was charged');
    });
  });

  it.each<[string, Record<string, string>]>([
    ['missing', {}],
    ['empty', { 'idempotency-key': '' }],
    ['too short', { 'idempotency-key': '1234567' }],
    ['too long', { 'idempotency-key': 'k'.repeat(129) }],
    ['with spaces', { 'idempotency-key': 'a key of words' }],
    ['not ASCII', { 'idempotency-key': 'schlüssel-1' }],
  ])('an Idempotency-Key that is %s', async (_name, headers) => {
    await refuses(orderBody(sku), 400, 'invalid_request', headers);
  });

  it.each([
    ['NUL', 'Ada\u0000'],
    ['a lone surrogate', 'Ada\ud800'],
    ['a line break', 'Ada\r\nBcc: all@example.com'],
    ['nothing but space', ' \t '],
    ['10,000 characters', 'x'.repeat(10_000)],
  ])('a name with %s', async (_name, name) => {
    const body = orderBody(sku);
    await refuses({ ...body, customer: { ...body.customer, name } }, 400, 'invalid_request');
  });

  it.each(['', 'x', 'a@b', 'a b@example.com', 'a@example.com\n', `${'x'.repeat(200)}@example.com`])(
    'the email %j',
    async (email) => {
      const body = orderBody(sku);
      await refuses({ ...body, customer: { ...body.customer, email } }, 400, 'invalid_request');
    },
  );
});

describe('what is odd and still right', () => {
  it.each(['\u202Eecila', 'علي بن أبي', '李小龍', '👩‍👩‍👧‍👦', 'Ο’Brien — “Ada”', "Robert'); drop table orders;--"])(
    'the name %s',
    async (name) => {
      const body = orderBody(sku);
      const got = await place({ ...body, customer: { ...body.customer, name } });
      expect(got.status, got.text).toBe(201);
      const row = await world.database.db
        .selectFrom('orders')
        .select('customer_name')
        .where('id', '=', String(got.body.orderId))
        .executeTakeFirst();
      expect(row?.customer_name).toBe(name);
    },
  );

  it.each([
    ['JPY', 49_900, '¥49,900'],
    ['KWD', 49_900, 'KWD 49.900'],
    ['USD', 1, '$0.01'],
  ])('money in %s', async (currency, price, text) => {
    const odd = await world.addProduct({ currency, price });
    const got = await place(orderBody(odd));
    expect(got.status, got.text).toBe(201);
    expect(String(got.body.amountText).replace('\u00a0', ' ')).toBe(text);
    expect(await world.sandbox.books(got.body.orderId)).toMatchObject([
      { chargedMinor: price, currency: currency.toLowerCase() },
    ]);
  });
});

describe('a payment that is refused', () => {
  it.each([
    ['pm_card_chargeDeclined', 'generic_decline'],
    ['pm_card_authenticationRequired', 'authentication_required'],
    ['pm_unknown', 'resource_missing'],
  ])('%s is 402: nothing held, nothing charged, the order rejected', async (paymentMethod, reason) => {
    const product = await world.addProduct();
    const key = { 'idempotency-key': randomUUID() };
    const body = orderBody(product, { paymentMethod });
    const got = await place(body, key);
    expect(got).toMatchObject({ status: 402, body: { code: 'payment_declined' } });
    expect(got.body.detail).toContain(reason);
    const id = String(got.body.orderId);
    expect(await world.order(id)).toMatchObject({
      status: 'rejected',
      payment: { status: 'failed', failureCode: reason },
      reservation: { status: 'released' },
      refund: null,
    });
    const { stock } = await footprint(world, [product]);
    expect(stock.find((row) => row.sku === product)).toMatchObject({ reserved: 0 });
    const books = await world.sandbox.books(id);
    expect(books.reduce((sum, book) => sum + book.chargedMinor, 0)).toBe(0);
    // The same wish again gets the same answer, and tries no card again.
    await leavesNoTrace(world, [product], async () => {
      expect(await place(body, key)).toMatchObject({ status: 402, body: { orderId: id } });
    });
  });
});

describe('the Idempotency-Key', () => {
  it('ten times in parallel: one order, one charge, one answer', async () => {
    const product = await world.addProduct({ capacity: 5 });
    const body = orderBody(product);
    const key = { 'idempotency-key': randomUUID() };
    const got = await Promise.all(Array.from({ length: 10 }, () => place(body, key)));
    expect(got.map(({ status }) => status)).toEqual(Array(10).fill(201));
    expect(new Set(got.map(({ body: { orderId, token } }) => `${orderId} ${token}`)).size).toBe(1);
    const after = await footprint(world, [product]);
    expect(after.stock.find((row) => row.sku === product)).toMatchObject({ reserved: 1 });
    expect(after.workflows).toEqual([1]);
    const [book, ...others] = await world.sandbox.books(got[0]?.body.orderId);
    expect(others).toEqual([]);
    expect(book).toMatchObject({ charges: 1, chargedMinor: 49_900 });
  });

  it('gives the same order again though it is sold out, closed or dearer meanwhile', async () => {
    const product = await world.addProduct({ capacity: 1 });
    const body = orderBody(product);
    const key = { 'idempotency-key': randomUUID() };
    const first = await place(body, key);
    expect(first.status).toBe(201);
    await world.call('PATCH', `/api/products/${product}`, { open: false });
    await leavesNoTrace(world, [product], async () => {
      expect((await place(body, key)).body.orderId).toBe(first.body.orderId);
    });
  });

  it.each<[string, (body: ReturnType<typeof orderBody>) => unknown]>([
    ['quantity', (body) => ({ ...body, quantity: 2 })],
    ['card', (body) => ({ ...body, paymentMethod: 'pm_card_mastercard' })],
    ['name', (body) => ({ ...body, customer: { ...body.customer, name: 'Grace' } })],
    [
      'email, in capitals',
      (b) => ({ ...b, customer: { ...b.customer, email: b.customer.email.toUpperCase() } }),
    ],
    ['zip', (b) => ({ ...b, customer: { ...b.customer, address: { ...b.customer.address, zip: '99999' } } })],
  ])('with another %s is 422 and changes nothing', async (_what, change) => {
    const body = orderBody(sku);
    const key = { 'idempotency-key': randomUUID() };
    const first = await place(body, key);
    const got = await refuses(change(body), 422, 'idempotency_key_reused', key);
    expect(got.body.orderId).toBe(first.body.orderId);
  });

  it('sees through the order of fields, white space and a quantity left out', async () => {
    const { quantity: _, ...body } = orderBody(sku);
    const key = { 'idempotency-key': randomUUID() };
    const first = await place(body, key);
    const turned = Object.fromEntries(Object.entries({ ...body, quantity: 1 }).reverse());
    await leavesNoTrace(world, [sku], async () => {
      const again = await place(JSON.stringify(turned, null, 4), key);
      expect(again).toMatchObject({ status: 201, body: { orderId: first.body.orderId } });
    });
  });

  it('of one customer is none of another', async () => {
    const key = { 'idempotency-key': 'the-same-for-both' };
    const ids = [await place(orderBody(sku), key), await place(orderBody(sku), key)].map(
      (r) => r.body.orderId,
    );
    expect(new Set(ids).size).toBe(2);
  });
});
