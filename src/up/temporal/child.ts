import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import type { ProcessPlan } from './types.js';

export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly command: string;
  /** Resolves to how it ended, for people: "exit code 1", "signal SIGKILL". */
  readonly exited: Promise<string>;
  /** SIGTERM, and SIGKILL after the grace period. */
  stop(graceMs?: number): Promise<void>;
  /** SIGKILL at once. */
  kill(): Promise<void>;
}

export async function startChild({ name, command, args, logFile, env, ipc }: ProcessPlan): Promise<Child> {
  const log = openSync(logFile, 'a');
  try {
    // Detached: Ctrl-C in the terminal reaches us alone, and we stop the others in order.
    const stdio: StdioOptions = ipc ? ['ignore', log, log, 'ipc'] : ['ignore', log, log];
    const child = spawn(command, args, { stdio, detached: true, ...(env ? { env } : {}) });
    await once(child, 'spawn');
    return supervised(name, command, child);
  } finally {
    closeSync(log);
  }
}

const running = new Set<ChildProcess>();

/** SIGKILL: nobody is left to insist after an exit, and SQLite in WAL mode survives it. */
function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

function supervised(name: string, command: string, child: ChildProcess): Child {
  if (running.size === 0) process.once('exit', killAll);
  running.add(child);
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      running.delete(child);
      if (running.size === 0) process.off('exit', killAll);
      resolve(signal ? `signal ${signal}` : `exit code ${code}`);
    });
  });
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exited;
  };
  return {
    name,
    command,
    pid: child.pid ?? 0,
    exited,
    kill: () => end('SIGKILL'),
    stop: async (graceMs = 5_000) => {
      const insist = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await end('SIGTERM').finally(() => clearTimeout(insist));
    },
  };
}

/** Keeps one older log, so that the tail of a log is always of this run. */
export async function rotateLog(logFile: string): Promise<void> {
  await rename(logFile, `${logFile}.1`).catch(() => undefined);
}

export async function tailOf(logFile: string, lines = 15): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  const last = text.trimEnd().split('\n').slice(-lines).join('\n');
  // Each stack trace of the server fills a screen and helps nobody here; the file keeps it.
  return last.replaceAll(/,"stacktrace":"[^"]*"/g, '');
}
