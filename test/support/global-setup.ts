import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { build } from '../../scripts/build.js';
import { searchAttributes } from '../../src/client/search-attributes.js';
import { defaultCacheDir, provideTemporal } from '../../src/up/temporal/provide.js';
import { makeTemplate } from './database-template.js';
import { startPostgres } from './postgres.js';

declare module 'vitest' {
  interface ProvidedContext {
    temporal: { address: string; namespace: string; timeSkipping: boolean };
    postgresUrl: string | undefined;
    databaseTemplate: string;
  }
}

/** One real Temporal server for the whole run, found or built as for `npm start`; PostgreSQL when it is asked for. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await build();
  const dataDir = mkdtempSync(join(tmpdir(), 'preorder-test-'));
  const temporal = await provideTemporal({
    namespace: 'default',
    dataDir,
    cacheDir: defaultCacheDir(process.env.XDG_CACHE_HOME),
    ports: { grpc: 17233, ui: 18233 },
    searchAttributes,
    allowFound: false,
    say: (line) => process.stderr.write(`  ${line}\n`),
  });
  const postgres = await startPostgres(process.env);
  const { address, namespace, timeSkipping } = temporal;
  project.provide('temporal', { address, namespace, timeSkipping });
  project.provide('postgresUrl', postgres?.url);
  project.provide('databaseTemplate', await makeTemplate(join(dataDir, 'template')));
  return async () => {
    await temporal.stop();
    await postgres?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
