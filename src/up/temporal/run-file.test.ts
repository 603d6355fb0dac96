import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clearRun, stopStale, writeRun } from './run-file.js';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'run-file-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

const sleeper = () => spawn('sleep', ['60'], { stdio: 'ignore' });

/** As if the process that wrote the file had died since. */
async function ownerDied(): Promise<void> {
  const file = join(dataDir, 'temporal.pid.json');
  const dead = spawnSync('true').pid;
  const run = JSON.parse(await readFile(file, 'utf8')) as { owner: object };
  await writeFile(file, JSON.stringify({ ...run, owner: { pid: dead, stamp: 'long ago' } }));
}

describe('stopStale', () => {
  it('has nothing to do in a new folder', async () => {
    await expect(stopStale(dataDir)).resolves.toBeUndefined();
  });

  it('stops what a dead run left behind, and says so', async () => {
    const child = sleeper();
    const gone = once(child, 'exit');
    await writeRun(dataDir, [{ name: 'temporal-server', pid: child.pid ?? 0, command: 'sleep' }]);
    await ownerDied();
    const said: string[] = [];
    await stopStale(dataDir, (line) => said.push(line));
    expect((await gone)[1]).toBe('SIGTERM');
    expect(said).toEqual([`Stopping temporal-server (pid ${child.pid}), left behind by an earlier run.`]);
  });

  it('spares a process that only has the pid of ours', async () => {
    const child = sleeper();
    const gone = once(child, 'exit');
    await writeRun(dataDir, [
      { name: 'temporal-server', pid: child.pid ?? 0, command: '/bin/temporal-server' },
    ]);
    await ownerDied();
    await stopStale(dataDir);
    expect(child.kill('SIGKILL')).toBe(true);
    expect((await gone)[1]).toBe('SIGKILL');
  });

  it('refuses while the run that wrote the file is alive', async () => {
    await writeRun(dataDir, []);
    await expect(stopStale(dataDir)).rejects.toThrow(`is in use by another run (pid ${process.pid}`);
    await clearRun(dataDir);
    await expect(stopStale(dataDir)).resolves.toBeUndefined();
  });
});
