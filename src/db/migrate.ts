import { Migrator, sql, type Kysely, type Migration } from 'kysely';
import { isOlder, release } from '../release.js';
import * as initial from './migrations/001-initial.js';
import * as reconciliation from './migrations/002-reconciliation.js';
import * as audit from './migrations/003-audit-and-keys.js';
import * as disputes from './migrations/005-disputes.js';
import * as replacement from './migrations/006-replacement.js';
import * as consoleReads from './migrations/007-console.js';
import * as ordersByProduct from './migrations/009-orders-by-product.js';
import * as refundKeys from './migrations/010-refund-keys.js';
import * as writtenAt from './migrations/011-written-at.js';
import * as consoleRecord from './migrations/012-console-record.js';
import * as cancelRefused from './migrations/013-cancel-refused.js';
import * as findingAtGateway from './migrations/014-finding-at-gateway.js';
import * as tokenNumber from './migrations/015-token-number.js';
import type { Schema } from './schema.js';

/**
 * A migration only adds, so that releases from before it can still run: a release is rolled back, or two run side by
 * side. One that takes away or changes what they use says in its name which release is the first that can do without:
 * `012-drop-notes >= 0.3.0`.
 */
export const migrations: Record<string, Migration> = {
  '001-initial': initial,
  '002-reconciliation': reconciliation,
  '003-audit-and-keys': audit,
  '005-disputes': disputes,
  '006-replacement': replacement,
  '007-console': consoleReads,
  '009-orders-by-product': ordersByProduct,
  '010-refund-keys': refundKeys,
  '011-written-at': writtenAt,
  '012-console-record': consoleRecord,
  '013-cancel-refused': cancelRefused,
  '014-finding-at-gateway': findingAtGateway,
  '015-token-number': tokenNumber,
};

/** Migrations of newer releases, of which this one knows no more than the names. */
async function newerMigrations(db: Kysely<Schema>): Promise<string[]> {
  const { rows: tables } = await sql<{ found: boolean }>`
    select to_regclass('kysely_migration') is not null as found`.execute(db);
  if (!tables[0]?.found) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return rows.map(({ name }) => name).filter((name) => !(name in migrations));
}

/** Why this release cannot run on the database, and what to do; undefined: it can. */
export async function refusalOf(db: Kysely<Schema>): Promise<string | undefined> {
  for (const name of await newerMigrations(db)) {
    const since = / >= (\S+)$/.exec(name)?.[1];
    if (!since || !isOlder(release, since)) continue;
    return (
      `a newer release has changed the database (migration "${name}"). Releases before ${since} cannot use it any ` +
      `more, and this is ${release}: run ${since} or newer.`
    );
  }
  return undefined;
}

/**
 * Brings the database to the newest schema that this release knows; safe to run from several processes at once. What
 * newer releases have added is left alone.
 */
export async function migrate(db: Kysely<Schema>): Promise<void> {
  const refusal = await refusalOf(db);
  if (refusal) throw new Error(`Cannot start: ${refusal}`);
  // Kysely refuses what has been executed and is not there.
  const newer = (await newerMigrations(db)).map((name) => [name, { up: async () => undefined }] as const);
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations, ...Object.fromEntries(newer) }) },
    // Each stands for itself: one with a lower number may be released later.
    allowUnorderedMigrations: true,
  });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error instanceof Error ? error : new Error('migration failed', { cause: error });
}
