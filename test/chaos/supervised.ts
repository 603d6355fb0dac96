import { setTimeout as sleep } from 'node:timers/promises';
import { startProgram, type ProgramOptions } from '../../src/up/program.js';

/** A process that is started again whenever it has ended, as a supervisor would. */
export interface Supervised {
  /** kill -9, and a new start after so long. Returns when the start has begun. */
  kill(downMs: number): Promise<void>;
  /** Starts it anew so that it dies at this point, and once it has, or after so long, as it should be. */
  crashAt(point: string, withinMs: number): Promise<void>;
  /** SIGSTOP for so long: its calls time out, and it wakes up believing they did not. */
  freeze(ms: number): Promise<void>;
  /** How it ended when nobody had killed it; nothing that is down may end what needs it. */
  readonly endedByItself: string[];
  /** Returns when it runs and is ready. */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

export async function supervise(options: ProgramOptions): Promise<Supervised> {
  const program = await startProgram(options);
  let held = false;
  let stopped = false;
  const endedByItself: string[] = [];
  let reviving: Promise<void> | undefined;

  async function revive(): Promise<void> {
    while (!held && !stopped) {
      // What it needs may be down too: it ends at its start, and is started again.
      if (await program.start().then(yes, no)) return;
      await sleep(200);
    }
  }
  const keepAlive = (): void => void (reviving ??= revive().finally(() => (reviving = undefined)));

  program.onCrash((how) => {
    // At its start it may end: it needs what is down, and is started again.
    if (!reviving && !held) endedByItself.push(how);
    if (!held) keepAlive();
  });
  return {
    endedByItself,
    kill: async (downMs) => {
      held = true;
      await program.crash();
      await sleep(downMs);
      await reviving;
      held = false;
      keepAlive();
    },
    crashAt: async (point, withinMs) => {
      held = true;
      await program.crash();
      await reviving;
      // What it needs may be down: then it does not get as far as the point.
      const started = await program.start({ ...options.env, PREORDER_CRASH_AT: point }).then(yes, no);
      if (started) await Promise.race([program.ended(), sleep(withinMs)]);
      await program.crash();
      held = false;
      keepAlive();
    },
    freeze: async (ms) => {
      const { pid } = program;
      signal(pid, 'SIGSTOP');
      await sleep(ms);
      signal(pid, 'SIGCONT');
    },
    ready: async () => {
      while (reviving) await reviving;
    },
    stop: async () => {
      stopped = true;
      await program.stop();
      await reviving;
    },
  };
}

const [yes, no] = [() => true, () => false];

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
