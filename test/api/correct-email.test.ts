import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { History, Notices } from '../../src/contract/console.js';
import { eventually } from '../support/eventually.js';
import { createWorld, type World } from '../support/world.js';
import { createHttp, type Got, type Http } from './support/http.js';
import { orderBody } from './support/orders.js';

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

const address = (): string => `${randomUUID()}@example.com`;
const correct = (id: string, email: string, key: string = randomUUID()): Promise<Got> =>
  http.send({
    method: 'POST',
    path: `/api/orders/${id}/correct-email`,
    body: { email },
    headers: { 'idempotency-key': key },
  });
const emailOf = async (id: string): Promise<unknown> =>
  (await http.send({ path: `/api/orders/${id}` })).body.customer;
const about = async <T>(id: string, part: string): Promise<T> =>
  (await http.send({ path: `/api/orders/${id}/${part}` })).body as T;

/** Of one kind, once they are all there. */
const mails = (id: string, subject: string, count = 1) =>
  eventually(async () => {
    const found = (await world.sandbox.mail(id)).filter((mail) => mail.subject.includes(subject));
    return found.length >= count ? found : undefined;
  });

async function placedBy(email: string): Promise<{ id: string; repeat: () => Promise<Got> }> {
  const body = orderBody(sku, { customer: { ...orderBody(sku).customer, email } });
  const headers = { 'idempotency-key': randomUUID() };
  const repeat = () => http.send({ method: 'POST', path: '/api/orders', body, headers, key: null });
  const got = await repeat();
  expect([201, 202], got.text).toContain(got.status);
  return { id: String(got.body.orderId), repeat };
}

describe('an address that was mistyped', () => {
  it('is corrected: the link goes to the new one, and later mails do', async () => {
    const [wrong, right] = [address(), address()];
    const { id } = await placedBy(wrong);
    await mails(id, 'confirmed');
    expect(await correct(id, right)).toMatchObject({
      status: 200,
      body: { orderId: id, recipient: right, changed: true },
    });
    const [link] = await mails(id, 'The link to your order');
    expect(link?.to).toEqual([right]);
    expect(link?.text).toContain('#pot_');
    expect(link?.text).toContain('We have corrected');
    expect(await emailOf(id)).toMatchObject({ email: right });
    expect((await http.send({ path: `/api/orders?q=${right}` })).text).toContain(id);

    await world.command(id, 'cancel');
    await world.untilStatus(id, 'cancelled');
    const paid = await mails(id, 'refund');
    for (const mail of paid) expect(mail.to).toEqual([right]);
    const { notices } = await about<Notices>(id, 'notices');
    expect(notices.map(({ kind, recipient }) => [kind, recipient])).toEqual(
      expect.arrayContaining([
        ['order_confirmed', null],
        ['link_again', right],
      ]),
    );
  });

  it('closes the links that went astray: the order has a new token', async () => {
    const { id, repeat } = await placedBy(address());
    const token = async (): Promise<string> => String((await repeat()).body.token);
    const reads = async (key: string): Promise<number> =>
      (await http.send({ path: `/api/orders/${id}`, key })).status;
    const before = await token();
    expect(await reads(before)).toBe(200);
    const [right, next, key] = [address(), address(), randomUUID()];
    await correct(id, right, key);
    expect(await reads(before)).toBe(404);
    const [link] = await mails(id, 'The link to your order');
    const mailed = /#(pot_\S+)/.exec(link?.text ?? '')?.[1] ?? '';
    expect(await reads(mailed)).toBe(200);
    // Whoever placed it gets it as before; what changes nothing closes nothing.
    expect(await token()).toBe(mailed);
    await correct(id, right, key);
    await correct(id, right);
    expect(await token()).toBe(mailed);
    await correct(id, next);
    expect(await reads(mailed)).toBe(404);
    expect(await reads(await token())).toBe(200);
  });

  it('also of an order that has ended, and of mails that wait', async () => {
    const [wrong, right] = [address(), address()];
    const { id } = await placedBy(wrong);
    await world.command(id, 'cancel');
    await world.untilStatus(id, 'cancelled');
    const fault = await world.sandbox.fault({ target: 'mail', kind: 'error_500' });
    await http.send({ method: 'POST', path: `/api/orders/${id}/send-link` });
    await eventually(async () =>
      (await about<Notices>(id, 'notices')).notices.some(({ lastError }) => lastError !== null),
    );
    expect((await correct(id, right)).status).toBe(200);
    await world.sandbox.ask('DELETE', `/faults/${fault.id}`);
    for (const { to } of await mails(id, 'The link to your order', 2)) expect(to).toEqual([right]);
  });

  it('is in no record but the order’s: they say that it was corrected, and by whom', async () => {
    const [wrong, right] = [address(), address()];
    const { id } = await placedBy(wrong);
    await correct(id, right);
    const [audit, history] = [
      await http.send({ path: `/api/orders/${id}/audit` }),
      await about<History>(id, 'history'),
    ];
    expect(audit.body).toMatchObject({
      entries: expect.arrayContaining([
        expect.objectContaining({ action: 'correct-email', caller: 'operator', outcome: 'corrected' }),
      ]) as unknown,
    });
    expect(history.facts).toContainEqual(
      expect.objectContaining({
        text: 'The customer’s e-mail address was corrected',
        by: expect.anything() as unknown,
      }),
    );
    const { db } = world.database;
    const kept = await db.selectFrom('commands').selectAll().where('order_id', '=', id).execute();
    for (const text of [audit.text, JSON.stringify(history), JSON.stringify(kept)])
      for (const email of [wrong, right]) expect(text).not.toContain(email);
  });

  it('is asked for once per key: a late repeat brings nothing back, another address is refused', async () => {
    const { id } = await placedBy(address());
    const [first, second, key] = [address(), address(), randomUUID()];
    const answers = await Promise.all([correct(id, first, key), correct(id, first, key)]);
    for (const answer of answers) expect(answer.body).toMatchObject({ recipient: first, changed: true });
    await mails(id, 'The link to your order');
    expect((await correct(id, second)).body).toMatchObject({ changed: true });
    expect((await correct(id, first, key)).status).toBe(200);
    expect(await emailOf(id)).toMatchObject({ email: second });
    expect(await correct(id, second, key)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    expect((await correct(id, second)).body).toMatchObject({ changed: false });
    const links = await mails(id, 'The link to your order', 2);
    expect(links.map(({ to }) => to)).toEqual(expect.arrayContaining([[first], [second]]));
    const { notices } = await about<Notices>(id, 'notices');
    expect(notices.filter(({ kind }) => kind === 'link_again')).toHaveLength(2);
  });

  it('is not corrected by two people to two addresses: the second is told of the first', async () => {
    const [wrong, first, second] = [address(), address(), address()];
    const { id } = await placedBy(wrong);
    const replacing = (email: string, replaces: string): Promise<Got> =>
      http.send({
        method: 'POST',
        path: `/api/orders/${id}/correct-email`,
        body: { email, replaces },
        headers: { 'idempotency-key': randomUUID() },
      });
    expect((await replacing(first, wrong)).status).toBe(200);
    expect(await replacing(second, wrong)).toMatchObject({ status: 409, body: { code: 'not_allowed' } });
    expect(await emailOf(id)).toMatchObject({ email: first });
    // The same correction twice is no quarrel.
    expect((await replacing(first, wrong)).body).toMatchObject({ changed: false });
  });

  it('still finds the order that its form has placed: none is placed twice', async () => {
    const { id, repeat } = await placedBy(address());
    await correct(id, address());
    expect((await repeat()).body.orderId).toBe(id);
  });

  it('is not corrected to something that is none', async () => {
    const { id } = await placedBy(address());
    for (const email of ['', 'ada', 'ada@example', 'a b@example.com', `${'a'.repeat(200)}@example.com`])
      expect((await correct(id, email)).status, email).toBe(400);
  });
});
