import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildFromSource, hasGo } from './build.js';
import { cachedBuild } from './built.js';

let cacheDir: string;
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'build-'));
});
afterEach(() => rm(cacheDir, { recursive: true }));

const silent = () => undefined;

function fakeGo() {
  const built: string[] = [];
  const install = async (path: string, folder: string) => {
    built.push(path);
    await writeFile(join(folder, 'server'), '');
    await chmod(join(folder, 'server'), 0o755);
  };
  return { built, install };
}

describe('a build from source', () => {
  it('makes server and UI, once for two who ask at the same time', async () => {
    const { built, install } = fakeGo();
    const both = () => buildFromSource(cacheDir, silent, install);
    const programs = await Promise.all([both(), both()]);
    expect(programs.map(({ source }) => source)).toEqual(['built', 'built']);
    expect(built).toEqual([
      'go.temporal.io/server/cmd/server@v1.32.0',
      'github.com/temporalio/ui-server/v2/cmd/server@v2.54.1',
    ]);
    expect(await readdir(cacheDir)).toEqual(['temporal-1.32.0']);
  });

  it('leaves nothing that looks finished when it fails half way', async () => {
    const { built, install } = fakeGo();
    const failing = async (path: string, folder: string) => {
      if (built.length === 1) throw new Error('no network');
      await install(path, folder);
    };
    await expect(buildFromSource(cacheDir, silent, failing)).rejects.toThrow('no network');
    expect(await readdir(cacheDir)).toEqual([]);
    expect(await cachedBuild(cacheDir, silent)).toBeUndefined();
  });

  it('takes over the lock of a dead builder, and sweeps what it left', async () => {
    await writeFile(join(cacheDir, 'build.lock'), `${spawnSync('true').pid} long ago`);
    await writeFile(join(cacheDir, 'building-abc'), '');
    await buildFromSource(cacheDir, silent, fakeGo().install);
    expect(await readdir(cacheDir)).toEqual(['temporal-1.32.0']);
  });

  it('needs a Go that can fetch newer toolchains', async () => {
    expect(await hasGo(async () => 'go version go1.26.8 linux/amd64')).toBe(true);
    expect(await hasGo(async () => 'go version go1.19.8 linux/amd64')).toBe(false);
    expect(await hasGo(async () => undefined)).toBe(false);
  });
});
