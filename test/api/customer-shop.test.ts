import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWorld, type World } from '../support/world.js';
import { createVisitor, idIn, order, typed, type Visitor } from './support/visitor.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const visitor = (): Visitor => createVisitor(world.url);
const ordersOf = (of: string) =>
  world.database.db.selectFrom('orders').selectAll().where('sku', '=', of).execute();

it.concurrent('lists what is open: price with currency, release, promise, what is left', async () => {
  await world.addProduct({ name: 'Aurora Phone', price: 69_900 });
  const few = await world.addProduct({ name: 'Few', capacity: 3, price: 1_200_000, currency: 'JPY' });
  const closed = await world.addProduct({ name: 'Closed for now' });
  await world.call('PATCH', `/api/products/${closed}`, { open: false });
  const { text, status } = await visitor().get('/shop');
  expect(status).toBe(200);
  expect(text).toMatch(/Aurora Phone \$699\.00 USD Release: \w+ \d+, \d{4}, \d\d:\d\d UTC Ships by: .+? UTC/);
  expect(text).toMatch(/Few ¥1,200,000 JPY .*?Only 3 left/);
  expect(text).not.toContain('Closed for now');
  expect((await visitor().get(`/shop/${closed}`)).text).toContain('cannot be pre-ordered at the moment');
  expect((await visitor().get(`/shop/${few}`)).text).toContain('3 × ¥1,200,000 JPY: ¥3,600,000 JPY in all');
});

it.concurrent('an unknown product and an unknown page are 404 in words', async () => {
  for (const path of ['/shop/none', '/shop/%00', '/shop/assets/none.css', `/shop/${'x'.repeat(90)}`]) {
    const { status, title, text } = await visitor().get(path);
    expect([path, status, title]).toEqual([path, 404, 'There is no such page']);
    expect(text).toContain('To the shop');
  }
});

it.concurrent('a form sent twice, even at once, makes one order', async () => {
  const of = await world.addProduct();
  const by = visitor();
  const form = typed((await by.get(`/shop/${of}`)).key);
  const replies = await Promise.all([1, 2, 3].map(() => by.post(`/shop/${of}`, form)));
  replies.push(await by.post(`/shop/${of}`, form));
  expect(replies.map(({ status }) => status)).toEqual([303, 303, 303, 303]);
  expect(new Set(replies.map(idIn)).size).toBe(1);
  expect(await ordersOf(of)).toHaveLength(1);
  const other = await by.post(`/shop/${of}`, { ...form, street: '2 Main St' });
  expect(other).toMatchObject({ status: 422 });
  expect(other.text).toContain('You have ordered with this form before');
  expect(other.key).not.toBe(form.key);
  expect(await ordersOf(of)).toHaveLength(1);
});

it.concurrent('what is wrong is said at its field, and what was typed stays', async () => {
  const of = await world.addProduct();
  const wrong = { email: 'ada at example', street: ' ', country: 'XXX', quantity: '11', city: 'Ulm' };
  const reply = await visitor().post(`/shop/${of}`, typed('a-key-of-a-form', wrong));
  expect(reply).toMatchObject({ status: 400, title: 'Please check: Phone', key: 'a-key-of-a-form' });
  expect(reply.text).toContain('does not look like an e-mail address');
  expect(reply.text).toContain('At most 10 in one order');
  expect(reply.html).toContain('value="Ulm"');
  for (const field of ['email', 'street', 'country', 'quantity'])
    expect(reply.html, field).toMatch(new RegExp(`id="${field}"[^>]*aria-invalid="true"`));
  expect(await ordersOf(of)).toEqual([]);
});

it.concurrent('sold out: on the page, and to whoever was slower', async () => {
  const of = await world.addProduct({ capacity: 1 });
  const slow = visitor();
  const { key } = await slow.get(`/shop/${of}`);
  await order(visitor(), of);
  const reply = await slow.post(`/shop/${of}`, typed(key));
  expect(reply).toMatchObject({ status: 409 });
  expect(reply.text).toContain('Somebody was faster');
  expect(reply.text).toContain('Nothing was charged');
  const { html, text } = await slow.get(`/shop/${of}`);
  expect(text).toContain('Sold out');
  expect(html).not.toContain('<form');
  expect(await ordersOf(of)).toHaveLength(1);
});

it.concurrent('a declined card: 402, nothing charged, and another card works', async () => {
  const of = await world.addProduct();
  const by = visitor();
  const form = typed((await by.get(`/shop/${of}`)).key, {
    paymentMethod: 'pm_card_chargeDeclinedInsufficientFunds',
  });
  const reply = await by.post(`/shop/${of}`, form);
  expect(reply).toMatchObject({ status: 402 });
  expect(reply.text).toContain(
    'there is too little on the card. Nothing was charged and nothing was ordered.',
  );
  const again = await by.post(`/shop/${of}`, { ...form, key: reply.key, paymentMethod: 'pm_card_visa' });
  expect(again.status).toBe(303);
  expect((await ordersOf(of)).map(({ status }) => status).sort()).toEqual(['awaiting_release', 'rejected']);
});
