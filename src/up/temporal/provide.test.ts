import { describe, expect, it } from 'vitest';
import type { Probes } from './probes.js';
import { defaultCacheDir, provideTemporal } from './provide.js';
import type { Program, TemporalHandle, TemporalOptions, TemporalSource } from './types.js';

const program = (source: TemporalSource): Program => ({
  source,
  plan: async () => [{ name: source, command: source, args: [], logFile: '' }],
});

/** Nothing is there at all; each test puts into this world what it needs. */
function world(there: Partial<Probes> = {}) {
  const steps: string[] = [];
  const said: string[] = [];
  const nothing: Probes = {
    stopStale: async () => undefined,
    isListening: async () => false,
    serverVersionOf: async () => Promise.reject(new Error('connection refused')),
    findCli: async () => undefined,
    cachedBuild: async () => undefined,
    cachedCli: async () => undefined,
    downloadCli: async () => undefined,
    hasGo: async () => false,
    buildFromSource: async () => program('built'),
    prepare: async () => ({ timeSkipping: false }),
    startOwn: async ({ source }) => ({ source }) as TemporalHandle,
  };
  const noting = (name: string, probe: (...args: never[]) => unknown) => [
    name,
    (...args: never[]) => {
      steps.push(name);
      return probe(...args);
    },
  ];
  const probes = Object.fromEntries(
    Object.entries({ ...nothing, ...there }).map(([name, probe]) => noting(name, probe)),
  ) as Probes;
  const provide = (options: Partial<TemporalOptions> = {}) =>
    provideTemporal(
      {
        namespace: 'preorder',
        dataDir: '/data',
        cacheDir: '/cache',
        say: (line) => said.push(line),
        ...options,
      },
      probes,
    );
  return { provide, steps, said };
}

describe('where the Temporal server comes from', () => {
  it('a configured one is asked for its version, and nothing else is looked for', async () => {
    const { provide, steps, said } = world({ serverVersionOf: async () => '1.30.1' });
    const handle = await provide({ address: 'temporal.example:7233' });
    expect(handle).toMatchObject({ source: 'configured', serverVersion: '1.30.1', uiUrl: undefined });
    expect('restart' in handle).toBe(false);
    expect(steps).toEqual(['serverVersionOf', 'prepare']);
    expect(said).toEqual(['Using the configured Temporal server 1.30.1 at temporal.example:7233.']);
  });

  it('a configured one that does not answer is an error, not a reason to start another', async () => {
    const { provide } = world();
    await expect(provide({ address: 'temporal.example:7233' })).rejects.toThrow('temporal.example:7233');
  });

  it('Temporal Cloud has its own console', async () => {
    const { provide } = world({ serverVersionOf: async () => '1.32.0' });
    const handle = await provide({ address: 'preorder.a1b2.tmprl.cloud:7233' });
    expect(handle.uiUrl).toBe('https://cloud.temporal.io/namespaces/preorder');
  });

  it('one that listens already is used, and its time skipping is what the probe says', async () => {
    const { provide, said } = world({
      isListening: async () => true,
      serverVersionOf: async () => '1.32.0',
      prepare: async () => ({ timeSkipping: true }),
    });
    const handle = await provide();
    expect(handle).toMatchObject({ source: 'found', address: '127.0.0.1:7233', timeSkipping: true });
    expect(handle.uiUrl).toBe('http://127.0.0.1:8233');
    expect(said[0]).toContain('it will be left running');
  });

  it('an older one is passed over, aloud', async () => {
    const { provide, said } = world({
      isListening: async () => true,
      serverVersionOf: async () => '1.29.1',
      findCli: async () => program('cli'),
    });
    expect((await provide()).source).toBe('cli');
    expect(said[0]).toContain('is 1.29.1, 1.32 is needed');
  });

  it('something that is not Temporal is passed over', async () => {
    const { provide } = world({ isListening: async () => true, findCli: async () => program('cli') });
    expect((await provide()).source).toBe('cli');
  });

  it('a running one is not looked for when it is not wanted', async () => {
    const { provide, steps } = world({ findCli: async () => program('cli') });
    await provide({ allowFound: false });
    expect(steps).toEqual(['stopStale', 'findCli', 'startOwn']);
  });

  it('a built one in the cache comes before any download', async () => {
    const { provide, steps } = world({ cachedBuild: async () => program('built') });
    expect((await provide()).source).toBe('built');
    expect(steps).toEqual(['stopStale', 'isListening', 'findCli', 'cachedBuild', 'startOwn']);
  });

  it('a downloaded one in the cache comes before downloading again', async () => {
    const { provide, steps } = world({ cachedCli: async () => program('sdk-download') });
    expect((await provide()).source).toBe('sdk-download');
    expect(steps).not.toContain('downloadCli');
  });

  it('the build comes last', async () => {
    const { provide, steps } = world({ hasGo: async () => true });
    expect((await provide()).source).toBe('built');
    expect(steps.slice(-4)).toEqual(['downloadCli', 'hasGo', 'buildFromSource', 'startOwn']);
  });

  it('and when nothing helps, the error says what would', async () => {
    const { provide } = world();
    await expect(provide()).rejects.toThrow(/temporal CLI[^]*Go 1\.26[^]*TEMPORAL_ADDRESS/);
  });
});

it('caches where XDG says', () => {
  expect(defaultCacheDir('/xdg')).toBe('/xdg/preorder');
  expect(defaultCacheDir('')).toMatch(/\/\.cache\/preorder$/);
});
