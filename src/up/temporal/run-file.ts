import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandOf, startStampOf, stopPid } from './processes.js';
import type { Say } from './types.js';

interface Run {
  owner: { pid: number; stamp: string };
  processes: { name: string; pid: number; command: string }[];
}

const runFile = (dataDir: string) => join(dataDir, 'temporal.pid.json');

export async function writeRun(dataDir: string, processes: Run['processes']): Promise<void> {
  const run: Run = {
    owner: { pid: process.pid, stamp: startStampOf(process.pid) },
    processes: processes.map(({ name, pid, command }) => ({ name, pid, command })),
  };
  await writeFile(runFile(dataDir), `${JSON.stringify(run, null, 2)}\n`);
}

export async function clearRun(dataDir: string): Promise<void> {
  await rm(runFile(dataDir), { force: true });
}

/** Stops what a run that ended badly left behind; refuses while that run is alive. */
export async function stopStale(dataDir: string, say: Say = () => undefined): Promise<void> {
  const run = await readRun(dataDir);
  if (!run) return;
  const { pid, stamp } = run.owner;
  if (startStampOf(pid) === stamp && commandOf(pid) !== '') {
    throw new Error(
      `${dataDir} is in use by another run (pid ${pid}: ${commandOf(pid)}). ` +
        'Stop that one first, or give this one a data folder of its own.',
    );
  }
  for (const { name, pid: left, command } of run.processes) {
    // The pid may by now belong to somebody else.
    if (!commandOf(left).includes(command)) continue;
    say(`Stopping ${name} (pid ${left}), left behind by an earlier run.`);
    await stopPid(left);
  }
  await clearRun(dataDir);
}

async function readRun(dataDir: string): Promise<Run | undefined> {
  try {
    return JSON.parse(await readFile(runFile(dataDir), 'utf8')) as Run;
  } catch {
    return undefined;
  }
}
