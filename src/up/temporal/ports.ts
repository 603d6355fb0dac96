import { readFile, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { portHolder } from './port-holder.js';
import type { Say } from './types.js';

const LOOPBACK = '127.0.0.1';

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => resolve(server));
  });
}

export async function isFree(port: number): Promise<boolean> {
  const server = await listen(port).catch(() => undefined);
  if (!server) return false;
  await new Promise((resolve) => server.close(resolve));
  return true;
}

export function isListening(port: number, host = LOOPBACK, timeoutMs = 1_000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: timeoutMs });
    const answer = (listening: boolean) => {
      socket.destroy();
      resolve(listening);
    };
    socket.once('connect', () => answer(true));
    socket.once('timeout', () => answer(false));
    socket.once('error', () => answer(false));
  });
}

/** Below the range from which systems take the ports of outgoing connections, so that they stay free. */
const INNER = { from: 20_000, to: 32_000 };

export async function freePorts(count: number): Promise<number[]> {
  const found: number[] = [];
  const base = INNER.from + Math.floor(Math.random() * (INNER.to - INNER.from - 500));
  for (let port = base; found.length < count && port < INNER.to; port += 1) {
    if (await isFree(port)) found.push(port);
  }
  if (found.length < count) throw new Error(`Fewer than ${count} free ports near ${base} on 127.0.0.1.`);
  return found;
}

/** The ports noted in the file by an earlier run if all are free, else new ones, noted. */
export async function steadyPorts(file: string, count: number): Promise<number[]> {
  const noted = await readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as number[],
    () => [],
  );
  const free = await Promise.all(noted.map(isFree));
  if (noted.length === count && free.every(Boolean)) return noted;
  const ports = await freePorts(count);
  await writeFile(file, JSON.stringify(ports));
  return ports;
}

/** The preferred port, or a free one near it, saying who holds the preferred one. */
export async function choosePort(preferred: number, use: string, say: Say): Promise<number> {
  if (await isFree(preferred)) return preferred;
  const chosen = await freeNear(preferred);
  const holder = await portHolder(preferred);
  const by = holder ? ` by ${holder.command} (pid ${holder.pid})` : '';
  say(`Port ${preferred} is taken${by}: ${use} uses ${chosen} instead.`);
  return chosen;
}

async function freeNear(preferred: number): Promise<number> {
  for (let port = preferred + 1; port <= Math.min(preferred + 50, 65_535); port += 1) {
    if (await isFree(port)) return port;
  }
  throw new Error(`All ports from ${preferred} to ${preferred + 50} are taken.`);
}
