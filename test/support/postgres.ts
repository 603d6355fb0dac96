import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

export interface TestPostgres {
  url: string;
  stop(): Promise<void>;
}

/** TEST_DATABASE=postgres: DATABASE_URL when it is set, else a server of our own from the machine's binaries. */
export async function startPostgres(env: NodeJS.ProcessEnv): Promise<TestPostgres | undefined> {
  if (env.TEST_DATABASE !== 'postgres') return undefined;
  if (env.DATABASE_URL) return { url: env.DATABASE_URL, stop: async () => undefined };
  const bin = findBinaries();
  const folder = mkdtempSync(join(tmpdir(), 'preorder-pg-'));
  chmodSync(folder, 0o777);
  const data = join(folder, 'data');
  const as = unprivileged();
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'preorder', '--auth=trust', '-E', 'UTF8', '--no-sync'],
    {
      ...as,
      stdio: 'ignore',
      cwd: folder,
    },
  );
  const port = await freePort();
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    'max_connections=300',
  ];
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...settings.flatMap((s) => ['-c', s])], {
    ...as,
    stdio: 'ignore',
    cwd: folder,
  });
  const url = `postgres://preorder@127.0.0.1:${port}/postgres`;
  await answering(url);
  return {
    url,
    stop: async () => {
      server.kill('SIGQUIT');
      if (server.exitCode === null) await once(server, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function findBinaries(): string {
  const root = '/usr/lib/postgresql';
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function answering(url: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
