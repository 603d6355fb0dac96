import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { embeddedDatabase } from '../../test/support/database-template.js';
import type { Database } from './database.js';
import { migrate, migrations, refusalOf } from './migrate.js';

let database: Database;
beforeEach(async () => {
  database = await embeddedDatabase();
});
afterEach(() => database.close());

const executed = (name: string) =>
  sql`insert into kysely_migration (name, timestamp) values (${name}, ${new Date().toISOString()})`.execute(
    database.db,
  );
const indexes = async () => {
  const { rows } = await sql<{ name: string }>`
    select indexname as name from pg_indexes where indexname = 'orders_by_product'`.execute(database.db);
  return rows.length;
};

describe('a database that a newer release has migrated', () => {
  it('is used by this one too, when the migration only adds', async () => {
    await executed('901-more');
    expect(await refusalOf(database.db)).toBeUndefined();
    await migrate(database.db);
  });

  it('still gets the migrations of this release', async () => {
    await executed('901-more');
    await sql`drop index orders_by_product`.execute(database.db);
    await sql`delete from kysely_migration where name = '009-orders-by-product'`.execute(database.db);
    await migrate(database.db);
    expect(await indexes()).toBe(1);
  });

  it('is used when what the newer one took away was not needed by this one', async () => {
    await executed('902-less >= 0.0.1');
    await migrate(database.db);
  });

  it('is refused when only a later release can do without it', async () => {
    await executed('901-more');
    await executed('902-less >= 999.0.0');
    await expect(migrate(database.db)).rejects.toThrow(
      /^Cannot start: a newer release .*"902-less >= 999.0.0".* run 999.0.0 or newer/,
    );
  });
});

it('a migration that takes something away says so in its name', () => {
  const folder = join(import.meta.dirname, 'migrations');
  const files = readdirSync(folder).map((file) => file.replace(/\.ts$/, ''));
  const names = Object.keys(migrations);
  expect(files.sort()).toEqual(names.map((name) => name.replace(/ >= .*/, '')).sort());
  const taking = files.filter((file) =>
    /\b(drop|rename|alter column)\b/i.test(readFileSync(join(folder, `${file}.ts`), 'utf8')),
  );
  expect(taking.filter((file) => names.includes(file))).toEqual([]);
});
