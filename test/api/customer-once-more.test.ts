import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWorld, type World } from '../support/world.js';
import { createVisitor, idIn, order, typed, type Visitor } from './support/visitor.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const visitor = (): Visitor => createVisitor(world.url);
const ordersOf = async (of: string): Promise<number> =>
  (await world.database.db.selectFrom('orders').select('id').where('sku', '=', of).execute()).length;
const someone = () => ({ email: `${randomUUID()}@example.com` });

/** The product's page again, and the form as before: it carries another key. */
async function anew(by: Visitor, of: string, more: Record<string, string>) {
  return by.post(`/shop/${of}`, typed((await by.get(`/shop/${of}`)).key, more));
}

it.concurrent(
  'Back, and the same once more: a page asks first, and shows the order to its owner',
  async () => {
    const of = await world.addProduct();
    const by = visitor();
    const ada = someone();
    const first = await order(by, of, ada);
    const question = await anew(by, of, ada);
    expect(question).toMatchObject({ status: 409, title: 'Order it once more? Phone' });
    expect(question.text).toContain('nothing was charged');
    expect(question.html).toContain(`href="/order/${first}"`);
    expect(await ordersOf(of)).toBe(1);

    const yes = await Promise.all([1, 2].map(() => by.post(`/shop/${of}`, question.hidden)));
    expect(yes.map(({ status }) => status)).toEqual([303, 303]);
    expect(new Set([first, ...yes.map(idIn)]).size).toBe(2);
    // And sent again without the answer it is the order that it has placed.
    const { again: _, ...form } = question.hidden;
    expect(idIn(await by.post(`/shop/${of}`, form))).toBe(idIn(yes[0]!));
    expect(await ordersOf(of)).toBe(2);
  },
);

it.concurrent('whoever lost the reply is asked, too, and shown nothing of the order', async () => {
  const of = await world.addProduct();
  const ada = someone();
  const first = await order(visitor(), of, ada);
  const question = await anew(visitor(), of, { ...ada, email: ada.email.toUpperCase(), street: '9 Elm St' });
  expect(question.status).toBe(409);
  expect(question.text).toContain('the link to it comes by mail');
  expect(question.html).not.toContain(first);
  expect(question.html).not.toMatch(/pot_|href="\/order\/po_/);
  expect(question.html).not.toContain('1 Main St');
  expect(await ordersOf(of)).toBe(1);
});

it.concurrent.each([
  ['another quantity', { quantity: '2' }],
  ['an e-mail address alone, which is no secret', { zip: '54321' }],
  ['another customer', { email: 'bob@example.com' }],
])('%s: not the same, nobody is asked', async (_name, more) => {
  const of = await world.addProduct();
  const ada = someone();
  await order(visitor(), of, ada);
  expect((await anew(visitor(), of, { ...ada, ...more })).status).toBe(303);
  expect(await ordersOf(of)).toBe(2);
});

it.concurrent('long ago, declined or cancelled: not the same wish, nobody is asked', async () => {
  const of = await world.addProduct();
  const ada = someone();
  const by = visitor();
  expect((await anew(by, of, { ...ada, paymentMethod: 'pm_card_chargeDeclined' })).status).toBe(402);
  const first = await order(by, of, ada);
  await world.command(first, 'cancel');
  await world.untilStatus(first, 'cancelled');
  const second = await order(by, of, ada);
  await world.database.db
    .updateTable('orders')
    .set({ placed_at: new Date(Date.now() - 61 * 60_000) as never })
    .where('id', '=', second)
    .execute();
  await order(by, of, ada);
});
