import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { goInstall } from '../../../src/up/temporal/build.js';
import { withLock } from '../../../src/up/temporal/lock.js';
import type { Say } from '../../../src/up/temporal/types.js';
import { SERVER_VERSION } from '../../../src/up/temporal/versions.js';
import { databases } from './config.js';

const run = promisify(execFile);

/** Creates Temporal's two databases as the server of this version expects them, schema versions included. */
export async function createTemporalDatabases(url: string, cacheDir: string, say: Say): Promise<void> {
  const tool = await sqlTool(cacheDir, say);
  const { hostname, port, username } = new URL(url);
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  for (const [kind, name] of Object.entries(databases)) {
    await admin.query(`create database ${name}`);
    const where = ['--plugin', 'postgres12', '--ep', hostname, '-p', port, '-u', username, '--db', name];
    await run(tool, [...where, 'setup-schema', '-v', '0.0']);
    await run(tool, [...where, 'update-schema', '--schema-name', `postgresql/v12/${kind}`]);
  }
  await admin.end();
}

/** Temporal's own `temporal-sql-tool`, which carries the schema: built with Go into the cache, once. */
function sqlTool(cacheDir: string, say: Say): Promise<string> {
  const tool = join(cacheDir, `temporal-sql-tool-${SERVER_VERSION}`);
  return withLock(join(cacheDir, 'build.lock'), say, async () => {
    if (existsSync(tool)) return tool;
    say('Building the SQL tool of Temporal from source with Go (once).');
    await mkdir(cacheDir, { recursive: true });
    const folder = await mkdtemp(join(cacheDir, 'building-'));
    try {
      await goInstall(`go.temporal.io/server/cmd/tools/sql@v${SERVER_VERSION}`, folder);
      await rename(join(folder, 'sql'), tool);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    return tool;
  });
}
