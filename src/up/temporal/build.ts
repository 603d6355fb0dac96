import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildFolder, cachedBuild, serverBinary, uiBinary } from './built.js';
import { startChild, tailOf } from './child.js';
import { withLock } from './lock.js';
import { outputOf } from './processes.js';
import type { Program, Say } from './types.js';
import { atLeast, SERVER_VERSION, UI_VERSION, versionOfGo } from './versions.js';

const modules = [
  { what: 'server', path: `go.temporal.io/server/cmd/server@v${SERVER_VERSION}`, binary: serverBinary },
  { what: 'UI', path: `github.com/temporalio/ui-server/v2/cmd/server@v${UI_VERSION}`, binary: uiBinary },
];
const TEMPORARY = 'building-';

/** From 1.21 on, Go fetches the newer toolchain a module asks for by itself. */
export async function hasGo(ask = outputOf): Promise<boolean> {
  const version = versionOfGo((await ask('go', ['version'])) ?? '');
  return version !== undefined && atLeast(version, '1.21');
}

/** Builds server and UI into the cache, once: an interrupted build leaves nothing that looks finished. */
export function buildFromSource(cacheDir: string, say: Say, install = goInstall): Promise<Program> {
  return withLock(join(cacheDir, 'build.lock'), say, async () => {
    const program = (await cachedBuild(cacheDir, say)) ?? (await build(cacheDir, say, install));
    if (!program) throw new Error(`The build left no program in ${buildFolder(cacheDir)}.`);
    return program;
  });
}

async function build(cacheDir: string, say: Say, install: typeof goInstall): Promise<Program | undefined> {
  await sweep(cacheDir);
  await mkdir(cacheDir, { recursive: true });
  const folder = await mkdtemp(join(cacheDir, TEMPORARY));
  say(`Building Temporal ${SERVER_VERSION} from source with Go (once, about 4 minutes).`);
  const started = Date.now();
  const elapsed = () => Math.round((Date.now() - started) / 1000);
  try {
    for (const { what, path, binary } of modules) {
      const progress = () =>
        say(`Still building the Temporal ${what}: ${elapsed()} s (once, about 4 minutes)`);
      const timer = setInterval(progress, 10_000);
      await install(path, folder).finally(() => clearInterval(timer));
      // Both modules call their command "server".
      await rename(join(folder, 'server'), join(folder, binary));
    }
    await rm(buildFolder(cacheDir), { recursive: true, force: true });
    await rename(folder, buildFolder(cacheDir));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  say(`Built Temporal ${SERVER_VERSION} in ${elapsed()} s; kept in ${buildFolder(cacheDir)}`);
  return cachedBuild(cacheDir, () => undefined);
}

/** Leftovers of builds that were interrupted. Only under the lock, where no other build is going on. */
async function sweep(cacheDir: string): Promise<void> {
  const entries = await readdir(cacheDir).catch(() => []);
  const leftovers = entries.filter((name) => name.startsWith(TEMPORARY));
  await Promise.all(leftovers.map((name) => rm(join(cacheDir, name), { recursive: true, force: true })));
}

export async function goInstall(modulePath: string, folder: string): Promise<void> {
  const logFile = join(folder, 'build.log');
  // `env` sets the two variables on top of ours without reading ours here.
  const settings = [`GOBIN=${folder}`, 'CGO_ENABLED=0'];
  const args = [...settings, 'go', 'install', '-trimpath', '-ldflags', '-s -w', modulePath];
  const child = await startChild({ name: 'go install', command: 'env', args, logFile });
  const how = await child.exited;
  if (how !== 'exit code 0') {
    throw new Error(`go install ${modulePath} failed (${how}):\n${await tailOf(logFile)}`);
  }
}
