import { afterAll, beforeAll, expect, it } from 'vitest';
import { called, placed } from '../support/flows.js';
import { orderLink } from '../support/order-link.js';
import { createWorld, type World } from '../support/world.js';
import { createVisitor } from './support/visitor.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

it('promises no refund of what the customer’s bank has taken back, and says what it decided', async () => {
  const id = await placed(world);
  const dispute = await world.sandbox.dispute(id);
  await called(world, id, 'disputed');
  const by = createVisitor(world.url);
  await by.post(`/order/${id}/open`, { code: (await orderLink(world, id)).code });
  const page = async (): Promise<string> => (await by.get(`/order/${id}`)).text;

  const question = await by.get(`/order/${id}/cancel`);
  expect(question.text).toContain('nothing more to pay back, since your bank has taken the payment back');
  expect(question.text).not.toContain('you get');
  expect(await page()).toContain('We are clearing this up with your bank');
  expect(await page()).not.toContain('give you the full price back');

  await world.sandbox.decideDispute(dispute.id, 'lost');
  await called(world, id, 'dispute_lost');
  expect(await page()).toContain('It has decided that the money stays with you');
  const answer = await by.post(`/order/${id}/cancel`, { key: question.key });
  expect(answer.title).toMatch(/^Your order is (being )?cancelled$/);
  expect(answer.text).not.toContain('what you paid goes back to you');
});
