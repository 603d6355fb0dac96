import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandOf, startStampOf } from './processes.js';
import type { Say } from './types.js';

/**
 * One at a time among processes of this machine. It saves work and no more: two that got through would
 * each build into a folder of their own, and one rename would win.
 */
export async function withLock<T>(file: string, say: Say, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  let said: string | undefined;
  for (let holder = await take(file); holder !== undefined; holder = await take(file)) {
    if (isStale(holder)) {
      await takeAway(file, holder);
      continue;
    }
    if (holder !== said) say(`Waiting for another build (pid ${holder.split(' ')[0]}) to finish.`);
    said = holder;
    await sleep(250);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** Undefined when we have it now, else who has it: "<pid> <start stamp>". */
async function take(file: string): Promise<string | undefined> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(`${process.pid} ${startStampOf(process.pid)}`);
    await handle.close();
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return readFile(file, 'utf8').catch(() => '');
  }
}

function isStale(holder: string): boolean {
  // Just made or just removed: its owner has not written into it yet, or is done.
  if (holder === '') return false;
  const [pid = '0', ...stamp] = holder.split(' ');
  return commandOf(Number(pid)) === '' || startStampOf(Number(pid)) !== stamp.join(' ');
}

async function takeAway(file: string, holder: string): Promise<void> {
  const aside = `${file}.${process.pid}`;
  try {
    await rename(file, aside);
    // Somebody was quicker, and this is already the next one's lock.
    if ((await readFile(aside, 'utf8')) !== holder) await rename(aside, file);
    else await rm(aside);
  } catch {
    // Gone already.
  }
}
