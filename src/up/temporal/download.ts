import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findCli } from './cli.js';
import type { Program, Say } from './types.js';

const cliIn = (cacheDir: string) => join(cacheDir, 'temporal-cli', 'temporal');

export function cachedCli(cacheDir: string, say: Say): Promise<Program | undefined> {
  return findCli(cliIn(cacheDir), 'sdk-download', say);
}

/** The CLI as its makers distribute it; undefined, with one line said, where there is no way to it. */
export async function downloadCli(cacheDir: string, say: Say): Promise<Program | undefined> {
  const url = archiveUrl(process.platform, process.arch);
  if (!url) return undefined;
  say(`Looking for a Temporal CLI to download at ${new URL(url).host}.`);
  try {
    await fetchInto(cacheDir, url);
  } catch (error) {
    say(`No download of the Temporal CLI from here (${reasonOf(error)}).`);
    return undefined;
  }
  return cachedCli(cacheDir, say);
}

export function archiveUrl(platform: string, arch: string): string | undefined {
  const platforms: Record<string, string> = { linux: 'linux', darwin: 'darwin' };
  const architectures: Record<string, string> = { x64: 'amd64', arm64: 'arm64' };
  const [os, cpu] = [platforms[platform], architectures[arch]];
  return os && cpu ? `https://temporal.download/cli/archive/latest?platform=${os}&arch=${cpu}` : undefined;
}

async function fetchInto(cacheDir: string, url: string): Promise<void> {
  await mkdir(cacheDir, { recursive: true });
  const temporary = await mkdtemp(join(cacheDir, 'download-'));
  try {
    const archive = join(temporary, 'temporal.tar.gz');
    await save(url, archive);
    await promisify(execFile)('tar', ['-xzf', archive, '-C', temporary, 'temporal']);
    await mkdir(join(cacheDir, 'temporal-cli'), { recursive: true });
    await rename(join(temporary, 'temporal'), cliIn(cacheDir));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Five seconds to answer, then as long as a slow line needs. */
async function save(url: string, file: string): Promise<void> {
  const tooLong = new AbortController();
  const timer = setTimeout(() => tooLong.abort(new Error('no answer in 5 s')), 5_000);
  const response = await fetch(url, { signal: tooLong.signal }).finally(() => clearTimeout(timer));
  if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
  await pipeline(Readable.fromWeb(response.body), createWriteStream(file));
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
