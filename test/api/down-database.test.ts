import { Kysely, PostgresDialect, sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { preparing } from '../../src/db/prepared.js';
import { addProduct } from '../../src/db/products.js';
import type { Schema } from '../../src/db/schema.js';
import { embeddedDatabase } from '../support/database-template.js';
import { orderBody } from './support/orders.js';
import { deadTemporal, secondApi, type SecondApi } from './support/second-api.js';
import { createVisitor, idIn, order, typed } from './support/visitor.js';

const taskQueue = `test-${randomUUID()}`;

describe('the database fails', () => {
  let database: Database;
  let api: SecondApi;
  beforeAll(async () => {
    database = await embeddedDatabase();
    const releaseAt = Date.UTC(2040);
    const product = {
      sku: 'here',
      name: 'Phone',
      description: '',
      priceMinor: 1,
      currency: 'USD',
      capacity: 5,
    };
    await addProduct(database.db, { ...product, releaseAt, policy: {} });
    api = await secondApi({ database, temporal: deadTemporal(), taskQueue });
  });
  afterAll(async () => {
    await api.close();
    await database.close();
  });

  const break_ = () => sql`alter table payments rename to elsewhere`.execute(database.db);
  const mend = () => sql`alter table elsewhere rename to payments`.execute(database.db);

  it('in the middle of placing: 500 without internals, nothing half done, and the key works later', async () => {
    const [body, key] = [orderBody('here'), randomUUID()];
    await break_();
    expect(await api.place(body, key)).toMatchObject({ status: 500, body: { code: 'internal' } });
    expect((await api.send({ path: '/api/products/here' })).body).toMatchObject({ left: 5 });
    await mend();
    expect(await api.place(body, key)).toMatchObject({ status: 202 });
    expect((await api.send({ path: '/api/products/here' })).body).toMatchObject({ left: 4 });
  });

  describe('cannot be reached', () => {
    let unreachable: Database;
    let lost: SecondApi;
    beforeAll(async () => {
      const dialect = new PostgresDialect({ pool: preparing(new pg.Pool({ host: '127.0.0.1', port: 1 })) });
      unreachable = { ...database, db: new Kysely<Schema>({ dialect }) };
      lost = await secondApi({ database: unreachable, temporal: deadTemporal(), taskQueue });
    });
    afterAll(async () => {
      await lost.close();
      await unreachable.db.destroy();
    });

    it('each route is 503 and says to try again, readiness names it', async () => {
      const gone = { status: 503, body: { code: 'database_unavailable' } };
      for (const path of ['/api/products', '/api/orders', '/api/orders/po_000000000000000000', '/api/books'])
        expect(await lost.send({ path }), path).toMatchObject(gone);
      const answer = await lost.place(orderBody('here'), randomUUID());
      expect(answer).toMatchObject(gone);
      expect(JSON.stringify(answer.body)).not.toContain('127.0.0.1');
      expect(await lost.send({ path: '/health/ready' })).toMatchObject({
        status: 503,
        body: { checks: { database: 'unreachable' } },
      });
      expect((await lost.send({ path: '/health/live' })).status).toBe(200);
    });

    it('a customer loses nothing that was typed: the page sends it again, and it orders once', async () => {
      const key = 'the-key-of-a-form';
      const form = typed(key, { name: 'Ada "Quote" <Lovelace>' });
      const refused = await createVisitor(lost.url).post('/shop/here', form);
      expect(refused).toMatchObject({ status: 503, key });
      expect(refused.text).toContain('Nothing is lost.');
      expect(refused.html).toContain('action="/shop/here"');
      expect(refused.hidden).toEqual(form);
      expect((await createVisitor(lost.url).get('/shop/here')).html).toContain('href="/shop/here"');

      const sentAgain = [1, 2].map(() => createVisitor(api.url).post('/shop/here', refused.hidden));
      const orders = (await Promise.all(sentAgain)).map(idIn);
      expect(new Set(orders).size).toBe(1);
      expect((await api.send({ path: `/api/orders/${orders[0]}` })).body).toMatchObject({
        customer: { name: form.name },
      });
    });

    it('whose order cannot be looked up is led back to it, and nothing is claimed of the form', async () => {
      const by = createVisitor(api.url);
      const id = await order(by, 'here');
      const cut = createVisitor(lost.url);
      cut.cookies.push(...by.cookies);
      const refused = await cut.post(`/order/${id}/cancel`, { key: 'the-key-of-a-form' });
      expect(refused).toMatchObject({ status: 503, hidden: {} });
      expect(refused.html).toContain(`href="/order/${id}"`);
      expect(refused.text).not.toContain('done twice');
    });
  });
});
