import { readdir, readFile, readlink } from 'node:fs/promises';
import { commandOf } from './processes.js';

export interface PortHolder {
  pid: number;
  command: string;
}

const LISTENING = '0A';

/** Who listens on a port, as far as /proc tells: nobody elsewhere than on Linux, or of another user. */
export async function portHolder(port: number): Promise<PortHolder | undefined> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  const sockets = new Set(tables.flatMap((table) => listeningSockets(table, port)));
  if (sockets.size === 0) return undefined;
  for (const entry of await readdir('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || !(await holdsOne(pid, sockets))) continue;
    const command = commandOf(pid);
    return { pid, command: command.length > 80 ? `${command.slice(0, 79)}…` : command };
  }
  return undefined;
}

/** The inodes of sockets in state LISTEN on the port, from the text of /proc/net/tcp. */
export function listeningSockets(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(suffix) && fields[3] === LISTENING)
    .map((fields) => `socket:[${fields[9]}]`);
}

async function holdsOne(pid: number, sockets: Set<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const descriptors = await readdir(folder).catch(() => []);
  const links = await Promise.all(descriptors.map((fd) => readlink(`${folder}/${fd}`).catch(() => '')));
  return links.some((link) => sockets.has(link));
}
