import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pc from 'picocolors';
import { readConfig, type Config } from '../config.js';
import { serverVersionOf } from './temporal/connect.js';
import { portHolder } from './temporal/port-holder.js';
import { isFree } from './temporal/ports.js';
import { defaultCacheDir } from './temporal/provide.js';

const run = promisify(execFile);

interface Finding {
  what: string;
  ok: boolean;
  /** A warning does not stop anything. */
  warning?: boolean;
  text: string;
}

/** `npm run doctor`: looks at what a start needs, and says how to mend what is missing. Exit 1: something is. */
export async function main(): Promise<number> {
  let config: Config;
  try {
    config = readConfig();
  } catch (error) {
    process.stdout.write(
      `${pc.red('✗')} configuration: ${String(error instanceof Error ? error.message : error)}\n`,
    );
    return 1;
  }
  const findings = [
    node(),
    dataDir(config),
    await temporal(config),
    await database(config),
    ...(await ports(config)),
  ];
  for (const { what, ok, warning, text } of findings) {
    const mark = ok ? pc.green('✓') : warning ? pc.yellow('!') : pc.red('✗');
    process.stdout.write(`${mark} ${what.padEnd(10)} ${text}\n`);
  }
  return findings.some((finding) => !finding.ok && !finding.warning) ? 1 : 0;
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const ok = (major > 20 || (major === 20 && minor >= 19)) && major < 26;
  const text = ok
    ? `${process.versions.node}`
    : `${process.versions.node}: install Node 20.19 or newer, below 26`;
  return { what: 'Node', ok, text };
}

function dataDir(config: Config): Finding {
  const folder = config.PREORDER_DATA_DIR;
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return { what: 'data', ok: true, text: `${folder} can be written` };
  } catch {
    return {
      what: 'data',
      ok: false,
      text: `${folder} cannot be written: set PREORDER_DATA_DIR to a folder that can`,
    };
  }
}

async function temporal(config: Config): Promise<Finding> {
  const what = 'Temporal';
  const address = config.TEMPORAL_ADDRESS ?? '127.0.0.1:7233';
  const version = await serverVersionOf({ address, connectTimeout: '2s' }).catch(() => undefined);
  if (version) return { what, ok: true, text: `server ${version} answers at ${address}` };
  if (config.TEMPORAL_ADDRESS) {
    return { what, ok: false, text: `nothing answers at ${address}: start it, or unset TEMPORAL_ADDRESS` };
  }
  const cache = defaultCacheDir(config.XDG_CACHE_HOME);
  if (existsSync(join(cache, 'temporal-1.32.0')))
    return { what, ok: true, text: `built earlier, in ${cache}` };
  if (await works('temporal', ['--version'])) return { what, ok: true, text: 'the temporal CLI is on PATH' };
  if (await works('go', ['version']))
    return { what, ok: true, text: 'Go is here: the server is built once, in about 4 minutes' };
  return { what, ok: false, text: 'install the temporal CLI or Go 1.26, or set TEMPORAL_ADDRESS' };
}

async function database(config: Config): Promise<Finding> {
  const what = 'database';
  if (!config.DATABASE_URL) return { what, ok: true, text: 'embedded, in the data folder' };
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: config.DATABASE_URL, connectionTimeoutMillis: 3000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version_num: string }>('show server_version_num');
    const ok = Number(rows[0]?.server_version_num) >= 150_000;
    return { what, ok, text: ok ? 'PostgreSQL answers' : 'PostgreSQL 15 or newer is needed' };
  } catch (error) {
    return {
      what,
      ok: false,
      text: `DATABASE_URL does not answer: ${error instanceof Error ? error.message : ''}`,
    };
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function ports(config: Config): Promise<Finding[]> {
  const wanted: [string, number][] = [
    ['API port', config.PREORDER_PORT],
    ['sandbox', 8090],
    ['mail port', 8025],
  ];
  return Promise.all(
    wanted.map(async ([what, port]) => {
      if (await isFree(port)) return { what, ok: true, text: `${port} is free` };
      const holder = await portHolder(port);
      const by = holder ? `by ${holder.command} (pid ${holder.pid})` : 'by another program';
      return {
        what,
        ok: false,
        warning: true,
        text: `${port} is taken ${by}; the next free one will be used`,
      };
    }),
  );
}

async function works(command: string, args: string[]): Promise<boolean> {
  return run(command, args).then(
    () => true,
    () => false,
  );
}
