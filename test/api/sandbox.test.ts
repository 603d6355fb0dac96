import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FaultList, MailList } from '../../src/contract/development.js';
import { createWorld, type World } from '../support/world.js';
import { createHttp, type Http } from './support/http.js';
import { secondApi } from './support/second-api.js';

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

it('shows the mail that was sent, one by one, as a page that can do nothing', async () => {
  const id = (await world.place()).body.orderId;
  const path = `/api/development/mail?orderId=${id}`;
  const mails = async () => ((await http.send({ path })).body as unknown as MailList).mails;
  await expect.poll(mails).toHaveLength(1);
  const [mail] = await mails();
  expect(mail).toMatchObject({ orderId: id, subject: expect.stringContaining('confirmed') as string });
  const one = await http.send({ path: `/api/development/mail/${mail?.id}` });
  expect(String(one.body.text)).toContain(id);
  const page = await http.send({ path: `/api/development/mail/${mail?.id}/html` });
  expect(page.text).toContain(id);
  expect(page.headers['content-security-policy']).toMatch(
    /^sandbox;default-src 'none'|^sandbox; default-src 'none'/,
  );
});

it('sets, lists and ends the faults of the partners', async () => {
  const path = '/api/development/faults';
  const fault = { target: 'payment-gateway', kind: 'error_500', operation: 'create_refund', times: 2 };
  const made = await http.send({ method: 'POST', path, body: fault });
  expect(made).toMatchObject({ status: 201, body: { ...fault, hits: 0 } });
  const faults = async () => ((await http.send({ path })).body as unknown as FaultList).faults;
  expect(await faults()).toMatchObject([fault]);
  await http.send({ method: 'DELETE', path: `${path}/${String(made.body.id)}` });
  expect(await faults()).toEqual([]);
  await http.send({ method: 'POST', path, body: fault });
  expect((await http.send({ method: 'DELETE', path })).status).toBe(204);
  expect(await faults()).toEqual([]);
  const wrong = await http.send({ method: 'POST', path, body: { ...fault, operation: 'no_such_call' } });
  expect(wrong).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining('create_refund') as string },
  });
});

it('is not there outside of development, and says so where no sandbox answers', async () => {
  const { database, temporal, taskQueue } = world;
  const parts = { database, temporal, taskQueue };
  const production = await secondApi({ ...parts, development: false });
  expect((await production.send({ path: '/api/development/mail' })).status).toBe(404);
  await production.close();
  const alone = await secondApi({ ...parts, sandboxUrl: 'http://127.0.0.1:1' });
  const got = await alone.send({ path: '/api/development/faults' });
  expect(got).toMatchObject({ status: 503, body: { code: 'no_sandbox' } });
  await alone.close();
});

it('time that takes longer than a call may last goes on by itself, and the answer says so', async () => {
  const { database, temporal, taskQueue } = world;
  const hasty = await secondApi({ database, temporal, taskQueue, timeSkipping: true, moveWithinMs: 0 });
  try {
    const orderId = (await world.place()).body.orderId;
    const path = `/api/orders/${orderId}/fast-forward`;
    const reply = await hasty.send({ method: 'POST', path, body: { to: 'deadline' } });
    expect(reply).toMatchObject({ status: 503, body: { code: 'not_confirmed', orderId } });
    expect(reply.body.detail).toContain('goes on by itself');
    await world.untilStatus(orderId, 'cancelled');
  } finally {
    await hasty.close();
  }
});
