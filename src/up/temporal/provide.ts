import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Target } from './connect.js';
import { realProbes, type Probes } from './probes.js';
import type { Program, TemporalHandle, TemporalOptions, TemporalSource } from './types.js';
import { atLeast, MINIMUM_SERVER } from './versions.js';

/** Where programs are kept between runs; pass XDG_CACHE_HOME if it is set. */
export function defaultCacheDir(xdgCacheHome?: string): string {
  return join(xdgCacheHome || join(homedir(), '.cache'), 'preorder');
}

/** A Temporal server with namespace and search attributes in place: the nearest one that will do. */
export async function provideTemporal(
  options: TemporalOptions,
  probes: Probes = realProbes,
): Promise<TemporalHandle> {
  if (options.address) return configured(options.address, options, probes);
  await probes.stopStale(options.dataDir, options.say);
  const found = options.allowFound === false ? undefined : await alreadyListening(options, probes);
  return found ?? probes.startOwn(await findProgram(options, probes), options);
}

async function configured(
  address: string,
  options: TemporalOptions,
  probes: Probes,
): Promise<TemporalHandle> {
  const { say } = options;
  const target = { ...options.connection, address };
  const serverVersion = await probes.serverVersionOf(target).catch((error: unknown) => {
    throw new Error(`No Temporal server answers at ${address} (TEMPORAL_ADDRESS): ${String(error)}`);
  });
  say(`Using the configured Temporal server ${serverVersion} at ${address}.`);
  return notOurs('configured', target, serverVersion, options, probes);
}

async function alreadyListening(
  options: TemporalOptions,
  probes: Probes,
): Promise<TemporalHandle | undefined> {
  const { say, ports } = options;
  const port = ports?.grpc ?? 7233;
  if (!(await probes.isListening(port))) {
    say(`No Temporal server runs on localhost:${port} yet.`);
    return undefined;
  }
  const target = { address: `127.0.0.1:${port}` };
  const version = await probes.serverVersionOf({ ...target, connectTimeout: '3s' }).catch(() => undefined);
  // Something else than Temporal: whoever chooses the ports says who it is.
  if (version === undefined) return undefined;
  if (!atLeast(version, MINIMUM_SERVER)) {
    say(
      `The Temporal server at ${target.address} is ${version}, ${MINIMUM_SERVER} is needed: starting another.`,
    );
    return undefined;
  }
  say(`Using the Temporal server ${version} found at ${target.address}; it will be left running.`);
  return notOurs('found', target, version, options, probes);
}

async function notOurs(
  source: TemporalSource,
  target: Target,
  serverVersion: string,
  options: TemporalOptions,
  probes: Probes,
): Promise<TemporalHandle> {
  const { namespace } = options;
  const { address } = target;
  const { timeSkipping } = await probes.prepare(target, options, { ours: false });
  const uiUrl = await uiOf(address, namespace, options.ports?.ui ?? 8233, probes);
  return { address, namespace, uiUrl, source, timeSkipping, serverVersion, stop: async () => undefined };
}

/** A guess by habit: the usual port beside a local server, and the console of Temporal Cloud. */
async function uiOf(
  address: string,
  namespace: string,
  port: number,
  probes: Probes,
): Promise<string | undefined> {
  const host = address.replace(/:\d+$/, '');
  if (/(^|\.)(tmprl\.cloud|temporal\.io)$/.test(host))
    return `https://cloud.temporal.io/namespaces/${namespace}`;
  const local = host === 'localhost' || host === '127.0.0.1';
  return local && (await probes.isListening(port)) ? `http://127.0.0.1:${port}` : undefined;
}

async function findProgram(options: TemporalOptions, probes: Probes): Promise<Program> {
  const { say, cacheDir = defaultCacheDir() } = options;
  const program =
    (await probes.findCli('temporal', 'cli', say)) ??
    (await probes.cachedBuild(cacheDir, say)) ??
    (await probes.cachedCli(cacheDir, say)) ??
    (await probes.downloadCli(cacheDir, say));
  if (program) return program;
  if (await probes.hasGo()) return probes.buildFromSource(cacheDir, say);
  throw new Error(
    [
      `There is no Temporal server ${MINIMUM_SERVER} or newer here, and no way to get one. Do one of these and try again:`,
      '  install the temporal CLI       https://docs.temporal.io/cli (it is then found on PATH)',
      '  install Go 1.26 or newer       https://go.dev/dl (the server is then built once, in about 4 minutes)',
      '  set TEMPORAL_ADDRESS           to a server that runs elsewhere',
    ].join('\n'),
  );
}
