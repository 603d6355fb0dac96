import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { called, inTransit, placed, startedWith } from '../support/flows.js';
import { orderLink } from '../support/order-link.js';
import { createWorld, type World } from '../support/world.js';
import { createVisitor, type Visitor } from './support/visitor.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const NOTHING = 'there is nothing more to pay back, since your bank has taken the payment back';
const REST = 'you get $399.00 USD back; your bank has taken back the rest';
const COMES_BACK = 'Should the bank return to us what it took';

/** Of $499.00: by default all of it. */
async function disputed(id: string, amountMinor?: number): Promise<string> {
  const dispute = await world.sandbox.dispute(id, amountMinor);
  await world.until(id, (order) => order.payment.status === 'disputed', 'disputed');
  return dispute.id;
}

async function opened(id: string): Promise<Visitor> {
  const by = createVisitor(world.url);
  await by.post(`/order/${id}/open`, { code: (await orderLink(world, id)).code });
  return by;
}

const mailed = async (id: string, subject: string): Promise<string> => {
  const mail = await eventually(async () =>
    (await world.sandbox.mail(id)).find((each) => each.subject.includes(subject)),
  );
  return mail.text.replace(/\s+/g, ' ');
};

it('promises no refund of what the customer’s bank has taken back, and says what it decided', async () => {
  const id = await placed(world);
  const dispute = await disputed(id);
  await called(world, id, 'disputed');
  const by = await opened(id);
  const page = async (): Promise<string> => (await by.get(`/order/${id}`)).text;

  const question = await by.get(`/order/${id}/cancel`);
  expect(question.text).toContain(`${NOTHING}. ${COMES_BACK}`);
  expect(question.text).not.toContain('you get');
  expect(await page()).toContain('your bank has taken it back at your request. We are clearing this up');
  expect(await page()).not.toContain('give you the full price back');

  await world.sandbox.decideDispute(dispute, 'lost');
  await called(world, id, 'dispute_lost');
  expect(await page()).toContain('It has decided that the money stays with you');
  const decided = (await by.get(`/order/${id}/cancel`)).text;
  expect(decided).toContain(NOTHING);
  expect(decided).not.toContain(COMES_BACK);
  const answer = await by.post(`/order/${id}/cancel`, { key: question.key });
  expect(answer.title).toMatch(/^Your order is (being )?cancelled$/);
  expect(answer.text).toContain(NOTHING);
  expect(answer.text).not.toContain('you get');
});

it('promises the rest of what the bank has taken a part of', async () => {
  const id = await placed(world);
  await disputed(id, 10_000);
  const by = await opened(id);
  const page = (await by.get(`/order/${id}`)).text;
  expect(page).toContain('your bank has taken $100.00 USD back at your request');
  expect(page).toContain(`we cancel the order, and ${REST}`);
  const question = await by.get(`/order/${id}/cancel`);
  expect(question.text).toContain(REST);
  const answer = await by.post(`/order/${id}/cancel`, { key: question.key });
  expect(answer.text).toContain(REST);
  expect((await by.get(`/order/${id}`)).text).toMatch(/Refund of \$399\.00 USD/);
});

it('while the partner is asked, and when it refuses: then it may be asked again', async () => {
  const id = await startedWith(world, { acceptance: 'now', cancellation: 'silent' });
  await world.untilStatus(id, 'awaiting_pickup');
  await disputed(id, 10_000);
  const by = await opened(id);
  const page = async (): Promise<string> => (await by.get(`/order/${id}`)).text;
  expect(await page()).toContain('You can still ask us to cancel');
  const question = await by.get(`/order/${id}/cancel`);
  expect((await by.post(`/order/${id}/cancel`, { key: question.key })).text).toContain(REST);
  await world.untilStatus(id, 'cancellation_requested');
  expect(await page()).toContain(`If they can, ${REST}. If not, it ships`);
  expect(await mailed(id, 'asked to stop')).toContain(`If they can, ${REST}.`);

  await world.sandbox.answer(id, 'cancel_rejected');
  await world.untilStatus(id, 'awaiting_pickup');
  expect(await page()).toContain('You can still ask us to cancel');
  expect(await mailed(id, 'will ship')).toContain(`days of delivery: ${REST}.`);
  const { db } = world.database;
  const row = db.updateTable('orders').where('id', '=', id);
  await row.set({ deadline_at: new Date(Date.now() - 60_000).toISOString() }).execute();
  expect(await page()).toContain('If you would rather not wait, cancel');
  // Asked again, and not answered yet.
  await row.set({ cancel_refused_at: null }).execute();
  expect(await page()).toContain('It should have left us by now');
  expect(await page()).not.toContain('If you would rather not wait, cancel');
});

it.each([
  ['delivery_exception', 'failure', 'lost', 'when it has come back to us or is declared lost'],
  ['returning', 'return_to_sender', undefined, 'when it is here'],
] as const)('in trouble on the way: %s', async (status, scan, detail, when) => {
  const id = await inTransit(world);
  await disputed(id);
  await world.sandbox.scan(id, scan, detail);
  await world.untilStatus(id, status);
  const by = await opened(id);
  const page = async (): Promise<string> => (await by.get(`/order/${id}`)).text;
  expect(await page()).toContain(`or cancel the order: then ${NOTHING}`);
  const question = await by.get(`/order/${id}/cancel`);
  expect(question.text).toContain(NOTHING);
  await by.post(`/order/${id}/cancel`, { key: question.key });
  await world.until(id, (order) => order.cancelRequestedAt !== null, 'noted');
  expect(await page()).toContain(`You asked to cancel: ${when}, ${NOTHING}`);
});
