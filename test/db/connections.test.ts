import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../src/db/database.js';
import { DatabaseUnavailableError } from '../../src/db/unavailable.js';
import { createProxy, type Proxy } from '../chaos/proxy.js';
import { createPostgresServer, hasPostgres, type PostgresServer } from '../support/postgres-server.js';

/** PostgreSQL behind a network that breaks. */
describe.skipIf(!hasPostgres)('a connection that breaks', () => {
  let postgres: PostgresServer;
  let proxy: Proxy;
  let database: Database;

  beforeAll(async () => {
    postgres = await createPostgresServer();
    proxy = await createProxy([postgres.port]);
    database = await openDatabase({ url: postgres.url.replace(`:${postgres.port}/`, `:${proxy.port}/`) });
  });
  afterAll(async () => {
    await database.close();
    await proxy.close();
    await postgres.stop();
  });

  it('between two statements of a transaction ends the transaction, and not the process', async () => {
    const transaction = database.db.transaction().execute(async (tx) => {
      await sql`select 1`.execute(tx);
      proxy.cut();
      for (;;) await sql`select pg_sleep(0.01)`.execute(tx);
    });
    await expect(transaction).rejects.toThrow(DatabaseUnavailableError);
    expect((await sql`select 1 as one`.execute(database.db)).rows).toEqual([{ one: 1 }]);
  });

  it('is opened again once, however often that was tried', async () => {
    let told: (payload: string) => void = () => undefined;
    const unlisten = await database.listen('chaos', (payload) => told(payload));
    const sessions = async () =>
      (
        await sql<{ query: string }>`
          select query from pg_stat_activity where backend_type = 'client backend'`.execute(database.db)
      ).rows;
    const listens = async () => (await sessions()).some(({ query }) => query === 'listen chaos');
    const before = await sessions();
    const refusedBefore = proxy.refused;
    proxy.refuse(true);
    await expect.poll(() => proxy.refused - refusedBefore).toBeGreaterThan(4);
    proxy.refuse(false);
    const heard = new Promise<string>((resolve) => (told = resolve));
    await expect.poll(listens).toBe(true);
    await sql`select pg_notify('chaos', 'again')`.execute(database.db);
    expect(await heard).toBe('again');
    // Others would come within the half second after which each try is repeated.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await sessions()).toHaveLength(before.length);
    await unlisten();
  });

  it('without a word is given up by both sides, and its locks are free again', async () => {
    const network = await createProxy([postgres.port]);
    const url = postgres.url.replace(`:${postgres.port}/`, `:${network.port}/`);
    const impatient = await openDatabase({ url, silenceMs: 2_000 });
    await sql`create table units (id int primary key, reserved int not null)`.execute(impatient.db);
    await sql`insert into units values (1, 0)`.execute(impatient.db);
    const take = sql`update units set reserved = reserved + 1 where id = 1`;
    let told: (payload: string) => void = () => undefined;
    const unlisten = await impatient.listen('silence', (payload) => told(payload));

    let locked: () => void = () => undefined;
    const isLocked = new Promise<void>((resolve) => (locked = resolve));
    let goOn: () => void = () => undefined;
    const silent = new Promise<void>((resolve) => (goOn = resolve));
    const transaction = impatient.db.transaction().execute(async (tx) => {
      await take.execute(tx);
      locked();
      await silent;
      await take.execute(tx);
    });
    await isLocked;
    network.silence(true);
    network.silence(false);
    goOn();
    await expect(transaction).rejects.toThrow(DatabaseUnavailableError);
    await take.execute(impatient.db);
    expect((await sql`select reserved from units`.execute(impatient.db)).rows).toEqual([{ reserved: 1 }]);

    const heard = new Promise<string>((resolve) => (told = resolve));
    const ask = setInterval(() => void sql`select pg_notify('silence', 'again')`.execute(impatient.db), 200);
    expect(await heard).toBe('again');
    clearInterval(ask);
    await unlisten();
    await impatient.close();
    await network.close();
  });
});
