import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Notices } from '../../src/contract/console.js';
import type { Mailer } from '../../src/integrations/mail.js';
import { workOutbox } from '../../src/worker/outbox-pump.js';
import { placed } from '../support/flows.js';
import { createWorld, type World } from '../support/world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld({}, { split: true });
});
afterAll(() => world.close());

const address = (): string => `${randomUUID()}@example.com`;

it('a mail that is about to be sent while its address is corrected goes to the corrected one, and says so', async () => {
  const id = await placed(world);
  await world.stopWorker();
  const correct = async (email: string): Promise<void> => {
    const reply = await world.call('POST', `/api/orders/${id}/correct-email`, { email });
    expect(reply.status, JSON.stringify(reply.body)).toBe(200);
  };
  const [first, second] = [address(), address()];
  await world.call('POST', `/api/orders/${id}/send-link`);
  await correct(first);
  const sentTo: string[] = [];
  const mailer: Pick<Mailer, 'send'> = {
    send: async ({ to, dedupId }) => {
      if (!dedupId.startsWith(`${id}:link_again`)) return;
      sentTo.push(to);
      if (sentTo.length === 1) await correct(second);
    },
  };
  await workOutbox(world.database.db, { ...mailer, close: () => undefined }, () => undefined, Date.now);
  expect(sentTo).toEqual([first, second]);
  const { notices } = (await world.call('GET', `/api/orders/${id}/notices`)).body as Notices;
  const recipients = notices.filter(({ kind, sentAt }) => kind === 'link_again' && sentAt !== null);
  expect(recipients.map(({ recipient }) => recipient).sort()).toEqual([null, second].sort());
});
