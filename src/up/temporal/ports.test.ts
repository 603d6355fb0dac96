import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { listeningSockets, portHolder } from './port-holder.js';
import { choosePort, freePorts, isFree, isListening, steadyPorts } from './ports.js';

const open: Server[] = [];
afterEach(() => open.splice(0).forEach((server) => server.close()));

async function take(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  open.push(server);
  await once(server, 'listening');
}

const oneFree = async () => (await freePorts(1))[0] ?? 0;

describe('ports', () => {
  it('keeps the preferred port when it is free, and says nothing', async () => {
    const port = await oneFree();
    const said: string[] = [];
    expect(await choosePort(port, 'Temporal', (line) => said.push(line))).toBe(port);
    expect(said).toEqual([]);
  });

  it('takes a free one near a taken port, and says which', async () => {
    const port = await oneFree();
    await take(port);
    const said: string[] = [];
    const chosen = await choosePort(port, 'Temporal', (line) => said.push(line));
    expect(chosen).toBeGreaterThan(port);
    expect(await isFree(chosen)).toBe(true);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(`Port ${port} is taken`);
    expect(said[0]).toContain(`Temporal uses ${chosen} instead.`);
  });

  it.runIf(process.platform === 'linux')('names who holds a port', async () => {
    const port = await oneFree();
    await take(port);
    expect((await portHolder(port))?.pid).toBe(process.pid);
  });

  it('reads listening sockets only, of that port only', () => {
    const table = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      '   0: 0100007F:1C41 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1',
      '   1: 0100007F:1C41 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 4712 1',
      '   2: 0100007F:1C42 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1',
    ].join('\n');
    expect(listeningSockets(table, 7233)).toEqual(['socket:[4711]']);
  });

  it('gives as many different free ports as asked', async () => {
    const ports = await freePorts(7);
    expect(new Set(ports).size).toBe(7);
  });

  it('tells who listens', async () => {
    const port = await oneFree();
    expect(await isListening(port)).toBe(false);
    await take(port);
    expect(await isListening(port)).toBe(true);
  });

  it('gives the ports of the last run again, unless one is taken', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ports-'));
    const file = join(folder, 'ports.json');
    const first = await steadyPorts(file, 3);
    expect(await steadyPorts(file, 3)).toEqual(first);
    await take(first[1] ?? 0);
    expect(await steadyPorts(file, 3)).not.toContain(first[1]);
    await rm(folder, { recursive: true });
  });
});
