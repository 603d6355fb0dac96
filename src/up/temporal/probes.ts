import { buildFromSource, hasGo } from './build.js';
import { cachedBuild } from './built.js';
import { findCli } from './cli.js';
import { serverVersionOf } from './connect.js';
import { cachedCli, downloadCli } from './download.js';
import { isListening } from './ports.js';
import { prepare } from './prepare.js';
import { stopStale } from './run-file.js';
import { startOwn } from './start.js';

/** All that looks at or changes the world: tests of the order of steps put their own in place. */
export const realProbes = {
  stopStale,
  isListening,
  serverVersionOf,
  findCli,
  cachedBuild,
  cachedCli,
  downloadCli,
  hasGo: () => hasGo(),
  buildFromSource: (...[cacheDir, say]: Parameters<typeof buildFromSource>) => buildFromSource(cacheDir, say),
  prepare,
  startOwn,
};

export type Probes = typeof realProbes;
