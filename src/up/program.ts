import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { childEnvironment } from '../config.js';
import { projectRoot } from './project-root.js';
import { startChild, tailOf, type Child } from './temporal/child.js';

const START_WITHIN_MS = 60_000;

export interface Program {
  readonly pid: number;
  /** kill -9, as a crash would. */
  crash(): Promise<void>;
  /** Starts it again after it ended, with another environment if one is given. */
  start(env?: Record<string, string>): Promise<void>;
  /** Resolves when it has ended. */
  ended(): Promise<void>;
  stop(): Promise<void>;
  /** Told when it ends without being asked to. */
  onCrash(callback: (how: string) => void): void;
}

export interface ProgramOptions {
  role: 'api' | 'sandbox' | 'worker';
  env: Record<string, string>;
  logFile: string;
  /** Answers 2xx once the program is ready; without one it is ready when its log says so. */
  readyUrl?: string;
}

/** One of our own roles as a child process. */
export async function startProgram({ role, env, logFile, readyUrl }: ProgramOptions): Promise<Program> {
  let child: Child | undefined;
  let expected = false;
  const listeners: ((how: string) => void)[] = [];

  async function start(changed?: Record<string, string>): Promise<void> {
    expected = false;
    const before = await sizeOf(logFile);
    const started = await startChild({
      name: role,
      command: process.execPath,
      args: [join(projectRoot(), 'bin/preorder.js'), role],
      logFile,
      env: childEnvironment(changed ?? env),
      ipc: true,
    });
    child = started;
    let ended: string | undefined;
    void started.exited.then((how) => {
      ended = how;
      if (!expected) for (const listener of listeners) listener(how);
    });
    const patience = Date.now() + START_WITHIN_MS;
    const isReady = (): Promise<boolean> => (readyUrl ? answers(readyUrl) : says(logFile, before));
    while (!(await isReady())) {
      if (ended) throw new Error(`${role} ended at its start (${ended}):\n${await tailOf(logFile)}`);
      if (Date.now() > patience) {
        await started.stop();
        throw new Error(`${role} is not ready after ${START_WITHIN_MS / 1000} s:\n${await tailOf(logFile)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  await start();
  return {
    get pid() {
      return child?.pid ?? 0;
    },
    start,
    onCrash: (callback) => listeners.push(callback),
    ended: async () => void (await child?.exited),
    crash: async () => {
      expected = true;
      await child?.kill();
    },
    stop: async () => {
      expected = true;
      await child?.stop(15_000);
    },
  };
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
  await response?.arrayBuffer();
  return response?.ok ?? false;
}

/** What a worker, which nobody can call, says of itself. */
const READY = 'worker is polling';

async function says(logFile: string, from: number): Promise<boolean> {
  return (await readFile(logFile)).subarray(from).includes(READY);
}

async function sizeOf(logFile: string): Promise<number> {
  return stat(logFile).then(
    ({ size }) => size,
    () => 0,
  );
}
