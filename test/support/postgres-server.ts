import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePorts } from '../../src/up/temporal/ports.js';

/** A PostgreSQL server of our own, on the machine's binaries. */
export interface PostgresServer {
  url: string;
  port: number;
  /** kill -9 of the server and of every session. */
  crash(): Promise<void>;
  /** Starts it again on the same data and port, after a crash. */
  start(): Promise<void>;
  /** SIGSTOP: every session hangs, and no connection breaks. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

export async function createPostgresServer(): Promise<PostgresServer> {
  const bin = findBinaries();
  const folder = mkdtempSync(join(tmpdir(), 'preorder-pg-'));
  chmodSync(folder, 0o777);
  const data = join(folder, 'data');
  const as = unprivileged();
  const init = ['-D', data, '-U', 'preorder', '--auth=trust', '-E', 'UTF8', '--no-sync'];
  execFileSync(join(bin, 'initdb'), init, { ...as, stdio: 'ignore', cwd: folder });
  const [port = 0] = await freePorts(1);
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    'max_connections=300',
  ];
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  const url = `postgres://preorder@127.0.0.1:${port}/postgres`;
  let server: ChildProcess | undefined;

  const isAlive = (): boolean => server?.exitCode === null && server.signalCode === null;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ended = server && isAlive() ? once(server, 'exit') : undefined;
    server?.kill(signal);
    await ended;
  };
  const sessions = (): number[] => (server?.pid && isAlive() ? [server.pid, ...childrenOf(server.pid)] : []);
  // Frozen from the top, so that no session begins between two signals.
  const signalAll = (signal: NodeJS.Signals): void => sessions().forEach((pid) => send(pid, signal));

  async function start(): Promise<void> {
    for (let tries = 0; ; tries++) {
      server = spawn(join(bin, 'postgres'), args, { ...as, stdio: 'ignore', cwd: folder });
      if (await answering(url, isAlive)) return;
      // Right after a crash the old one's memory may still be in use.
      await end('SIGKILL');
      if (tries > 10) throw new Error(`PostgreSQL does not start on port ${port}`);
    }
  }
  process.once('exit', () => signalAll('SIGKILL'));
  await start();
  return {
    url,
    port,
    start,
    freeze: () => signalAll('SIGSTOP'),
    thaw: () => signalAll('SIGCONT'),
    crash: async () => {
      sessions()
        .slice(1)
        .forEach((pid) => send(pid, 'SIGKILL'));
      await end('SIGKILL');
    },
    stop: async () => {
      signalAll('SIGCONT');
      await end('SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself.
  }
}

function childrenOf(pid: number): number[] {
  try {
    const list = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
    return list.split(/\s+/).filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

const root = '/usr/lib/postgresql';
export const hasPostgres = existsSync(root);

function findBinaries(): string {
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions
    .map((version) => join(root, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
  if (!found) throw new Error('No PostgreSQL binaries found: install postgresql, or set DATABASE_URL.');
  return found;
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function answering(url: string, isAlive: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < 300 && isAlive(); tries++) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return true;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return false;
}
