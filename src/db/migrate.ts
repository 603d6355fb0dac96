import { Migrator, type Kysely, type Migration } from 'kysely';
import * as initial from './migrations/001-initial.js';
import * as auditAndKeys from './migrations/003-audit-and-keys.js';
import type { Schema } from './schema.js';

const migrations: Record<string, Migration> = {
  '001-initial': initial,
  '003-audit-and-keys': auditAndKeys,
};

/** Brings the database to the newest schema; safe to run from several processes at once. */
export async function migrate(db: Kysely<Schema>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error instanceof Error ? error : new Error('migration failed', { cause: error });
}
