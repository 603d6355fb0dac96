import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lookTwice } from '../../src/activities/reconciliation/look-twice.js';
import type { Database } from '../../src/db/database.js';
import { recordFindings } from '../../src/db/findings.js';
import type { Finding } from '../../src/domain/reconciliation.js';
import { embeddedDatabase } from '../support/database-template.js';

let database: Database;
beforeAll(async () => {
  database = await embeddedDatabase();
});
afterAll(() => database.close());

const wrong = (subject: string, detail = 'the row says 1, its orders hold 2'): Finding => ({
  kind: 'stock_differs',
  subject,
  orderId: null,
  detail,
});

/** `facts`: what is wrong with each subject; `meanwhile` happens between the looks. Answers what was found and how often each was looked at. */
async function look(facts: Record<string, Finding[]>, meanwhile: () => void = () => undefined) {
  const looks: string[] = [];
  const activity = { heartbeat: () => undefined, sleep: () => Promise.resolve(meanwhile()) };
  const found = await asyncLocalStorage.run(activity as unknown as Context, () =>
    lookTwice(database, Object.keys(facts), (subject) => {
      looks.push(subject);
      return Promise.resolve(facts[subject] ?? []);
    }),
  );
  return { found, looks };
}

it('what was only under way at the first look is no finding; what is still wrong is', async () => {
  const facts = { right: [], arriving: [wrong('arriving')], stuck: [wrong('stuck')] };
  const { found, looks } = await look(facts, () => (facts.arriving = []));
  expect(found).toEqual([wrong('stuck')]);
  expect(looks).toEqual(['right', 'arriving', 'stuck', 'arriving', 'stuck']);
});

it('what turns wrong between the looks waits for the next run', async () => {
  const facts = { stuck: [wrong('stuck')] };
  const late: Finding = { ...wrong('stuck'), kind: 'reservation_differs' };
  const { found } = await look(facts, () => (facts.stuck = [wrong('stuck'), late]));
  expect(found).toEqual([wrong('stuck')]);
});

it('what was found before in the same words is believed at once; in other words it is looked at again', async () => {
  await recordFindings(database.db, [wrong('old'), wrong('changed', 'something else')], Date.now());
  const facts = { old: [wrong('old')], changed: [wrong('changed')] };
  const { found, looks } = await look(facts, () => (facts.changed = []));
  expect(found).toEqual([wrong('old')]);
  expect(looks).toEqual(['old', 'changed', 'changed']);
});
