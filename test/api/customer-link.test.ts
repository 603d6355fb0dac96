import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LinkSent } from '../../src/contract/console.js';
import { eventually } from '../support/eventually.js';
import { createWorld, type World } from '../support/world.js';
import { createVisitor, order, type Page } from './support/visitor.js';

let world: World;
let sku: string;
beforeAll(async () => {
  world = await createWorld();
  sku = await world.addProduct();
});
afterAll(() => world.close());

const absent = 'po_000000000000000000';
const askFor = (orderId: string, email: string): Promise<Page> =>
  createVisitor(world.url).post('/order/link', { order: orderId, email });
const queued = async (orderId: string): Promise<number> =>
  (
    await world.database.db
      .selectFrom('outbox')
      .select('dedup_id')
      .where('order_id', '=', orderId)
      .where('kind', '=', 'link_again')
      .execute()
  ).length;

/** The mails with the link, once there are any. */
const linkMails = (orderId: string) =>
  eventually(async () => {
    const mails = await world.sandbox.mail(orderId);
    const links = mails.filter(({ subject }) => subject.includes('The link to your order'));
    return links.length > 0 ? links : undefined;
  });

it.concurrent(
  'goes to the address on the order, however it is typed and however often asked for',
  async () => {
    const email = `${randomUUID()}@example.com`;
    const id = await order(createVisitor(world.url), sku, { email });
    // Between two quarters of an hour a second one is right.
    const before = Math.floor(Date.now() / 900_000);
    for (let n = 0; n < 3; n++)
      expect(await askFor(` ${id.toUpperCase()} `, ` ${email.toUpperCase()} `)).toMatchObject({
        status: 200,
        title: 'Look into your mail',
      });
    const more = Math.floor(Date.now() / 900_000) - before;
    expect(await queued(id)).toBeLessThanOrEqual(1 + more);
    const [mail] = await linkMails(id);
    expect(mail).toMatchObject({ to: [email] });
    const [, code = ''] = /#(pot_\S+)/.exec(mail?.text ?? '') ?? [];
    const by = createVisitor(world.url);
    expect((await by.post(`/order/${id}/open`, { code })).status).toBe(303);
  },
);

it.concurrent('is answered by the same words, whether there is such an order or not', async () => {
  const email = `${randomUUID()}@example.com`;
  const id = await order(createVisitor(world.url), sku, { email });
  const [right, wrong, none, odd] = await Promise.all([
    askFor(id, email),
    askFor(id, 'mallory@example.com'),
    askFor(absent, email),
    askFor(id, `${email}\0`),
  ]);
  for (const other of [wrong, none, odd]) {
    expect(other.status).toBe(200);
    expect(other.html).toBe(right.html);
  }
  for (const { to } of await linkMails(id)) expect(to).toEqual([email]);
});

it.concurrent('an address that is not the one on the order sends nothing', async () => {
  const id = await order(createVisitor(world.url), sku);
  await askFor(id, 'mallory@example.com');
  await askFor(id, '');
  expect(await queued(id)).toBe(0);
});

it.concurrent('the page of an order that asks for the code leads there, with its number', async () => {
  const by = createVisitor(world.url);
  const { html } = await by.get(`/order/${absent}`);
  expect(html).toContain(`href="/order/link?order=${absent}"`);
  expect((await by.get(`/order/link?order=${absent}`)).html).toContain(`value="${absent}"`);
  expect((await by.get('/order/link?order=%22%3Ex&order=2')).html).not.toContain('&quot;');
});

it.concurrent('an operator sends it, and the audit says so', async () => {
  const { body } = await world.place({ sku });
  const sent = await world.call<LinkSent>('POST', `/api/orders/${body.orderId}/send-link`);
  expect(sent.body).toMatchObject({ orderId: body.orderId, queued: true });
  expect((await linkMails(body.orderId))[0]?.to).toEqual([sent.body.recipient]);
  const audit = await world.call<{ entries: { action: string; caller: string; outcome: string }[] }>(
    'GET',
    `/api/orders/${body.orderId}/audit`,
  );
  expect(audit.body.entries.at(-1)).toMatchObject({
    caller: 'operator',
    action: 'send-link',
    outcome: 'done',
  });
});
