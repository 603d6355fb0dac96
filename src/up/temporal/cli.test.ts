import { describe, expect, it } from 'vitest';
import { findCli } from './cli.js';
import { archiveUrl } from './download.js';

const answering = (output: string | undefined) => async () => output;

async function find(output: string | undefined) {
  const said: string[] = [];
  const program = await findCli('temporal', 'cli', (line) => said.push(line), answering(output));
  return { program, said: said.join('\n') };
}

describe('the temporal CLI', () => {
  it('is used with a young enough server', async () => {
    const { program, said } = await find('temporal version 1.9.0 (Server 1.32.1, UI 2.54.0)');
    expect(program?.source).toBe('cli');
    expect(said).toContain('1.32.1');
  });

  it.each(['temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)', 'temporal version 1.9.0'])(
    'is passed over, aloud: %s',
    async (output) => {
      const { program, said } = await find(output);
      expect(program).toBeUndefined();
      expect(said).toContain('not used');
    },
  );

  it('may be missing', async () => {
    const { program, said } = await find(undefined);
    expect(program).toBeUndefined();
    expect(said).toBe('No temporal CLI on PATH.');
  });

  it('is distributed for the usual machines', () => {
    expect(archiveUrl('linux', 'x64')).toBe(
      'https://temporal.download/cli/archive/latest?platform=linux&arch=amd64',
    );
    expect(archiveUrl('darwin', 'arm64')).toContain('platform=darwin&arch=arm64');
    expect(archiveUrl('aix', 'ppc64')).toBeUndefined();
  });
});
