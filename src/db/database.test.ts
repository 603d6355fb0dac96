import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase, type Database } from './database.js';
import { addProduct } from './products.js';
import { eventually } from '../../test/support/eventually.js';

let database: Database;
beforeAll(async () => {
  database = await openDatabase({});
  const product = { sku: 'phone', name: 'Phone', description: '', priceMinor: 1, currency: 'USD' };
  await addProduct(database.db, { ...product, capacity: 1, releaseAt: Date.now(), policy: {} });
});
afterAll(() => database.close());

const priceOf = () =>
  database.db.selectFrom('products').select('price_minor').where('sku', '=', 'phone').executeTakeFirst();

it('tells each listener of a channel, until it stops listening', async () => {
  const heard: string[] = [];
  const stop = await database.listen('news', (payload) => heard.push(`first ${payload}`));
  await database.listen('news', (payload) => heard.push(`second ${payload}`));
  await sql`select pg_notify('news', ${'one'})`.execute(database.db);
  await stop();
  await sql`select pg_notify('news', ${'two'})`.execute(database.db);
  expect(heard).toEqual(['first one', 'second one', 'second two']);
});

it('goes on after a statement that failed, and after a transaction that was given up', async () => {
  await expect(sql`select 1 / ${0}::int`.execute(database.db)).rejects.toThrow('division by zero');
  const failing = database.db.transaction().execute(async (tx) => {
    await tx.updateTable('products').set({ price_minor: 2 }).where('sku', '=', 'phone').execute();
    throw new Error('given up');
  });
  await expect(failing).rejects.toThrow('given up');
  expect(await priceOf()).toEqual({ price_minor: 1 });
});

it('keeps reading while a newer release adds a column', async () => {
  const all = () => database.db.selectFrom('products').selectAll().where('sku', '=', 'phone').execute();
  expect(await all()).toHaveLength(1);
  await sql`alter table products add column since text`.execute(database.db);
  expect(await all()).toMatchObject([{ sku: 'phone', since: null }]);
  await sql`alter table products drop column since`.execute(database.db);
  expect(await all()).toHaveLength(1);
});

it('learns how large its tables have become', async () => {
  for (let i = 0; i < 500; i += 1) await priceOf();
  const known = sql<{ rows: number }>`select reltuples as rows from pg_class where relname = 'products'`;
  await eventually(async () => (await known.execute(database.db)).rows[0]?.rows === 1);
});
