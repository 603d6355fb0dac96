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

  it('cannot be reached: each route is 503 and says to try again, readiness names it', async () => {
    const dialect = new PostgresDialect({ pool: preparing(new pg.Pool({ host: '127.0.0.1', port: 1 })) });
    const unreachable = { ...database, db: new Kysely<Schema>({ dialect }) };
    const lost = await secondApi({ database: unreachable, temporal: deadTemporal(), taskQueue });
    const gone = { status: 503, body: { code: 'database_unavailable' } };
    try {
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
    } finally {
      await lost.close();
      await unreachable.db.destroy();
    }
  });
});
