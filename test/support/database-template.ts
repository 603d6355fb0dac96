import { PGlite } from '@electric-sql/pglite';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { openDatabase, type Database } from '../../src/db/database.js';

/*
 * An embedded database takes seconds to make, most of it PostgreSQL's own initdb. The tests make one, and begin with
 * copies of it.
 */

/** Answers the folder that `inject('databaseTemplate')` gives to the tests. */
export async function makeTemplate(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const dataDir = join(folder, 'database');
  await (await openDatabase({ folder: dataDir })).close();
  const pglite = await PGlite.create({ dataDir });
  const dump = await pglite.dumpDataDir('none');
  writeFileSync(join(folder, 'dump.tar'), Buffer.from(await dump.arrayBuffer()));
  await pglite.close();
  return folder;
}

let dump: Blob | undefined;

/** An embedded database in memory, migrated and empty. */
export function embeddedDatabase(): Promise<Database> {
  dump ??= new Blob([readFileSync(join(inject('databaseTemplate'), 'dump.tar'))]);
  return openDatabase({ from: dump });
}

/** The same in a data directory, for a process that is about to start on it. */
export function prepareDataDir(dataDir: string): void {
  cpSync(join(inject('databaseTemplate'), 'database'), join(dataDir, 'database'), { recursive: true });
}
