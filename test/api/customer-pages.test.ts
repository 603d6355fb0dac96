import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { awaitingPickup, called, inTransit, placed, startedWith } from '../support/flows.js';
import { orderLink } from '../support/order-link.js';
import { createWorld, type World } from '../support/world.js';
import { deadTemporal, secondApi } from './support/second-api.js';
import { createVisitor, idIn, order, typed, type Page, type Visitor } from './support/visitor.js';

let world: World;
let sku: string;
beforeAll(async () => {
  world = await createWorld();
  sku = await world.addProduct({ name: 'Aurora Phone', price: 69_900 });
});
afterAll(() => world.close());

const absent = 'po_000000000000000000';
const visitor = (): Visitor => createVisitor(world.url);

const codeOf = async (id: string): Promise<string> => (await orderLink(world, id)).code;

/** The text of the mail with these words in its subject; each leads to the order's page. */
async function mailed(id: string, words: string): Promise<string> {
  const { text } = await eventually(async () =>
    (await world.sandbox.mail(id)).find(({ subject }) => subject.includes(words)),
  );
  expect(text).toContain(`${world.url}/order/${id}#pot_`);
  return text;
}

/** A visitor who opened the order with the code of its mail. */
async function opened(id: string): Promise<Visitor> {
  const by = visitor();
  const reply = await by.post(`/order/${id}/open`, { code: await codeOf(id) });
  expect(reply.status, reply.text).toBe(303);
  return by;
}

describe('the way in', () => {
  it.concurrent(
    'the code of the mail opens the order by a form, and the cookie only this order',
    async () => {
      const id = await placed(world, { sku });
      const code = await codeOf(id);
      const by = visitor();
      const ask = await by.get(`/order/${id}`);
      expect(ask).toMatchObject({ status: 401, title: 'Your order' });
      expect(ask.html.match(/href="\/order\/link/g)).toHaveLength(1);
      // People copy the whole link.
      const reply = await by.post(`/order/${id}/open`, { code: ` ${world.url}/order/${id}#${code} ` });
      expect(reply.status).toBe(303);
      expect(reply.headers.get('location')).toBe(`/order/${id}`);
      const cookie = reply.headers.getSetCookie()[0] ?? '';
      expect(cookie).toContain(`Path=/order/${id};`);
      expect(cookie).toContain('HttpOnly');
      expect(cookie).toContain('SameSite=Lax');
      expect(cookie).not.toMatch(/Expires|Max-Age|Domain/);
      expect(await by.get(`/order/${id}`)).toMatchObject({ status: 200 });
      expect((await by.get(`/order/${id}`)).text).toContain('Your pre-order is confirmed');
    },
  );

  it.concurrent('a foreign token is answered as if there were no such order, at every door', async () => {
    const [mine, foreign] = [await placed(world, { sku }), await placed(world, { sku })];
    const code = await codeOf(mine);
    const by = visitor();
    for (const path of [`/order/${foreign}`, `/order/${absent}`])
      by.cookies.push({ name: 'preorder-order', value: code, path });
    const doors: ((id: string) => Promise<Page>)[] = [
      (id) => by.get(`/order/${id}`),
      (id) => by.get(`/order/${id}/cancel`),
      (id) => by.get(`/order/${id}/received`),
      (id) => by.post(`/order/${id}/cancel`, { key: 'a-key-of-mine' }),
      (id) => by.post(`/order/${id}/received`, { key: 'a-key-of-mine' }),
      (id) => by.post(`/order/${id}/open`, { code }),
    ];
    for (const door of doors) {
      const [theirs, none] = [await door(foreign), await door(absent)];
      expect(theirs).toMatchObject({ status: 404, title: 'No such order' });
      expect(theirs.html.replaceAll(foreign, absent)).toBe(none.html);
      expect(theirs.html).not.toContain('Aurora');
    }
    expect((await world.order(foreign)).status).toBe('awaiting_release');
  });

  it.concurrent("an operator's cookie and a code that is none open nothing", async () => {
    const id = await placed(world, { sku });
    for (const code of ['', 'pot_', 'pot_wrong', world.operatorKey, 'x'.repeat(500)])
      expect(await visitor().post(`/order/${id}/open`, { code })).toMatchObject({ status: 404 });
  });
});

/** Asks as the page does: question, form, answer. */
async function cancel(by: Visitor, id: string): Promise<{ question: Page; answer: Page }> {
  const question = await by.get(`/order/${id}/cancel`);
  expect(question.status).toBe(200);
  return { question, answer: await by.post(`/order/${id}/cancel`, { key: question.key || randomUUID() }) };
}

describe('cancelling: the question tells what will be, the answer is the truth', () => {
  it.concurrent('accepted: at once, with the exact refund and the day it arrives', async () => {
    const by = visitor();
    const id = await order(by, sku, { quantity: '2' });
    const { question, answer } = await cancel(by, id);
    expect(question.text).toContain('you get the full price back: $1,398.00 USD');
    expect(answer.title).toMatch(/^Your order is (being )?cancelled$/);
    await world.untilStatus(id, 'cancelled');
    const { text } = await by.get(`/order/${id}`);
    expect(text).toMatch(/Your refund of \$1,398\.00 USD was sent .*it should be there by \w+ \d+, \d{4}/);
    const again = await by.post(`/order/${id}/cancel`, { key: question.key });
    expect(again).toMatchObject({ status: 200, title: 'Your order is cancelled' });
    expect(await mailed(id, 'is cancelled')).toContain('You cancelled it. You get $1,398.00 USD back');
    expect(await mailed(id, 'refund was sent')).toMatch(/\$1,398\.00 USD .* by about \w+ \d+, \d{4}\./);
    expect(await world.sandbox.books(id)).toMatchObject([{ refundedMinor: 139_800, refunds: [{}] }]);
  });

  it.concurrent('pending_partner: asked of the partner, who may say no, and then it ships', async () => {
    const id = await startedWith(world, { acceptance: 'now', cancellation: 'silent' }, { sku });
    await world.untilStatus(id, 'awaiting_pickup');
    const by = await opened(id);
    const { question, answer } = await cancel(by, id);
    expect(question.text).toContain('we cannot promise that they can');
    expect(question.text).toContain('They have 48 hours to answer');
    expect(answer.title).toBe('We have asked to stop your parcel');
    await world.untilStatus(id, 'cancellation_requested');
    const waiting = await by.get(`/order/${id}`);
    expect(waiting.text).toContain('You asked to cancel. Your parcel is already with our delivery partner');
    await world.command(id, 'item-picked');
    await world.untilStatus(id, 'in_transit');
    expect((await by.get(`/order/${id}`)).text).toContain('but the parcel could not be stopped any more');
  });

  it.concurrent('rejected: on its way, with what to do instead', async () => {
    const id = await inTransit(world, { sku });
    const by = await opened(id);
    const { question, answer } = await cancel(by, id);
    expect(question.html).not.toContain('<form');
    expect(answer.title).toBe('It cannot be cancelled any more');
    expect(answer.text).toContain('Refuse it at the door, or send it back within 14 days of delivery');
    expect((await world.order(id)).status).toBe('in_transit');
  });

  it.concurrent('noted: lost on the way, so that nothing is cancelled yet, and asked once', async () => {
    const id = await inTransit(world, { sku });
    await world.sandbox.scan(id, 'failure', 'lost');
    await called(world, id, 'delivery_failed');
    const by = await opened(id);
    const { question, answer } = await cancel(by, id);
    const promise =
      /nothing is cancelled yet: when the parcel has come back to us or is declared lost, you get \$699\.00 USD back/i;
    expect(question.text).toMatch(promise);
    expect(answer).toMatchObject({ title: 'We have noted that you cancel' });
    expect(answer.text).toMatch(promise);
    await world.until(id, (o) => o.cancelRequestedAt !== null);
    expect((await by.get(`/order/${id}/cancel`)).html).not.toContain('<form');
    expect((await world.order(id)).status).toBe('delivery_exception');
  });

  it.concurrent('what the shop cancels is not put into the customer’s mouth', async () => {
    const id = await placed(world, { sku });
    await world.command(id, 'cancel');
    await world.untilStatus(id, 'cancelled');
    const { text } = await (await opened(id)).get(`/order/${id}`);
    expect(text).toContain('We had to cancel it');
    expect(text).not.toContain('You asked to cancel');
  });
});

describe('item received', () => {
  it.concurrent('the customer’s word completes the order, in their own name, and once', async () => {
    const id = await inTransit(world, { sku });
    const by = await opened(id);
    expect((await by.get(`/order/${id}`)).text).toContain('It has arrived');
    const question = await by.get(`/order/${id}/received`);
    expect(question.title).toBe('Has it arrived? Aurora Phone');
    const answers = await Promise.all(
      [1, 2].map(() => by.post(`/order/${id}/received`, { key: question.key })),
    );
    for (const answer of answers) expect(answer.title).toBe('Thank you. Your order is complete');
    await world.untilStatus(id, 'completed');
    const { text } = await by.get(`/order/${id}`);
    const { shipment } = await world.order(id);
    expect(await mailed(id, 'on its way')).toContain(`Tracking code: ${shipment?.trackingCode}.`);
    expect(await mailed(id, 'was delivered')).toMatch(/send it back until \w+ \d+, \d{4}\./);
    expect(text).toMatch(/You can send it back until \w+ \d+, \d{4}/);
    const audit = await world.call<{ entries: object[] }>('GET', `/api/orders/${id}/audit`);
    expect(audit.body.entries).toContainEqual(
      expect.objectContaining({ caller: 'customer', action: 'confirm-delivery', outcome: 'accepted' }),
    );
  });

  it.concurrent('a parcel that has not left us cannot have arrived', async () => {
    const id = await awaitingPickup(world, { sku });
    const by = await opened(id);
    expect((await by.get(`/order/${id}`)).text).not.toContain('It has arrived');
    const question = await by.get(`/order/${id}/received`);
    expect(question.html).not.toContain('<form');
    const answer = await by.post(`/order/${id}/received`, { key: randomUUID() });
    expect(answer.title).toBe('This could not be noted');
    expect(answer.text).toContain('it has not left us yet');
    expect((await world.order(id)).status).toBe('awaiting_pickup');
  });
});

describe('what strangers write and send', () => {
  it.concurrent('markup in every field is text', async () => {
    const evil = `"><img src=x onerror=alert(1)><script>alert(2)</script>'&lt;`;
    const of = await world.addProduct({ name: evil, description: evil });
    const by = visitor();
    const fields = { name: evil, street: evil, city: evil, zip: '<b>1' };
    const refused = await by.post(`/shop/${of}`, typed('a-key-of-a-form', { ...fields, country: evil }));
    expect(refused.status).toBe(400);
    const id = await order(by, of, fields);
    const pages = [refused, await by.get('/shop'), await by.get(`/shop/${of}`)];
    for (const path of ['', '/cancel', '/received']) pages.push(await by.get(`/order/${id}${path}`));
    for (const { html } of pages) {
      expect(html).not.toMatch(/<img|<b>|<script>|alert\(2\)<\/script/);
      expect(html).toContain('&lt;script&gt;');
    }
  });

  it.concurrent('a form from elsewhere is refused and changes nothing', async () => {
    const by = visitor();
    const id = await order(by, sku);
    const elsewhere: Record<string, string>[] = [
      {},
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: world.url, 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of elsewhere) {
      for (const path of [
        `/order/${id}/cancel`,
        `/order/${id}/received`,
        `/order/${id}/open`,
        `/shop/${sku}`,
      ]) {
        const reply = await by.post(path, typed('a-key-of-a-form'), headers);
        expect([path, reply.status, reply.title]).toEqual([path, 403, 'This form came from somewhere else']);
      }
    }
    expect((await world.order(id)).status).toBe('awaiting_release');
  });

  it.concurrent('every page forbids scripts of others, frames, and being kept', async () => {
    const by = visitor();
    const id = await order(by, sku);
    for (const path of [
      '/shop',
      `/shop/${sku}`,
      `/shop/none`,
      `/order/${id}`,
      `/order/${id}/cancel`,
      `/order/${absent}`,
    ]) {
      const { headers, html } = await by.get(path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy, path).toContain("default-src 'none'");
      expect(policy, path).toContain("script-src 'self'");
      expect(policy, path).toContain("frame-ancestors 'none'");
      expect(policy, path).not.toContain('unsafe');
      expect(html, path).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+="/);
      expect(headers.get('content-type'), path).toBe('text/html; charset=utf-8');
      expect(headers.get('cache-control'), path).toBe('no-store');
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('referrer-policy'), path).toBe('same-origin');
    }
  });
});

describe('while Temporal is down', () => {
  it('orders and cancels are kept, the pages say so, and both are carried out later', async () => {
    const id = await placed(world, { sku });
    const code = await codeOf(id);
    const { database, taskQueue } = world;
    const api = await secondApi({ database, temporal: deadTemporal(), taskQueue });
    try {
      const by = createVisitor(api.url);
      await by.post(`/order/${id}/open`, { code });
      const { answer } = await cancel(by, id);
      expect(answer.title).toBe('We have your wish to cancel');
      const page = await by.get(`/order/${id}`);
      expect(page.text).toContain('It is written down and will be carried out');
      expect(page.html).not.toContain('Cancel this order');

      const { key } = await by.get(`/shop/${sku}`);
      const reply = await by.post(`/shop/${sku}`, typed(key));
      expect(reply.status).toBe(303);
      expect((await by.get(`/order/${idIn(reply)}`)).text).toContain('We are waiting for your bank');
    } finally {
      await api.close();
    }
    await world.untilStatus(id, 'cancelled');
  });
});
