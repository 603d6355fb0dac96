import { describe, expect, it } from 'vitest';
import { atLeast, parseVersion, serverOfCli, versionOfGo } from './versions.js';

describe('versions', () => {
  it('reads major and minor out of any text', () => {
    expect(parseVersion('v1.32.0-162.0')).toEqual({ major: 1, minor: 32 });
    expect(parseVersion('unknown')).toBeUndefined();
  });

  it.each([
    ['1.32.0', true],
    ['1.32.0-162.0', true],
    ['1.100.0', true],
    ['2.0.0', true],
    ['1.31.9', false],
    ['0.99.0', false],
    ['', false],
  ])('%s is at least 1.32: %s', (version, expected) => {
    expect(atLeast(version, '1.32')).toBe(expected);
  });

  it('finds the server inside the CLI', () => {
    expect(serverOfCli('temporal version 1.8.2 (Server 1.32.0-162.0, UI 2.53.1)')).toBe('1.32.0-162.0');
    expect(serverOfCli('temporal version 0.10.0 (server 1.21.0) (ui 2.16.2).')).toBe('1.21.0');
    expect(serverOfCli('temporal version 1.8.2')).toBeUndefined();
  });

  it('reads the version of Go', () => {
    expect(versionOfGo('go version go1.26.8 linux/amd64')).toBe('1.26.8');
    expect(versionOfGo('')).toBeUndefined();
  });
});
