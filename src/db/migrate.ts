import { Migrator, type Kysely, type Migration } from 'kysely';
import * as initial from './migrations/001-initial.js';
import * as reconciliation from './migrations/002-reconciliation.js';
import * as audit from './migrations/003-audit-and-keys.js';
import * as disputes from './migrations/005-disputes.js';
import * as replacement from './migrations/006-replacement.js';
import * as consoleReads from './migrations/007-console.js';
import * as ordersByProduct from './migrations/009-orders-by-product.js';
import * as refundKeys from './migrations/010-refund-keys.js';
import * as writtenAt from './migrations/011-written-at.js';
import type { Schema } from './schema.js';

const migrations: Record<string, Migration> = {
  '001-initial': initial,
  '002-reconciliation': reconciliation,
  '003-audit-and-keys': audit,
  '005-disputes': disputes,
  '006-replacement': replacement,
  '007-console': consoleReads,
  '009-orders-by-product': ordersByProduct,
  '010-refund-keys': refundKeys,
  '011-written-at': writtenAt,
};

/** Brings the database to the newest schema; safe to run from several processes at once. */
export async function migrate(db: Kysely<Schema>): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    // Each stands for itself: one with a lower number may be released later.
    allowUnorderedMigrations: true,
  });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error instanceof Error ? error : new Error('migration failed', { cause: error });
}
