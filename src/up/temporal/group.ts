import { startChild, tailOf, type Child } from './child.js';
import { clearRun, writeRun } from './run-file.js';
import type { ProcessPlan, Say } from './types.js';

/** The processes of one program: known by pid on disk, watched while they run, ended together. */
export interface Group {
  readonly serverPid: number;
  /** The server first, the others when it is ready; ends all when it dies or does not become ready. */
  start<T>(ready: (giveUp: AbortSignal) => Promise<T>): Promise<T>;
  /** kill -9 of the server, and a new one. */
  restartServer(ready: (giveUp: AbortSignal) => Promise<unknown>): Promise<void>;
  stop(): Promise<void>;
}

export function createGroup(server: ProcessPlan, others: ProcessPlan[], dataDir: string, say: Say): Group {
  const children = new Map<string, Child>();
  const expected = new Set<Child>();
  let ended = false;

  async function launch(plan: ProcessPlan): Promise<Child> {
    const child = await startChild(plan);
    if (ended) {
      await child.kill();
      throw new Error(`${plan.name} was stopped while it started.`);
    }
    children.set(plan.name, child);
    await writeRun(dataDir, [...children.values()]);
    return child;
  }
  async function launchServer<T>(ready: (giveUp: AbortSignal) => Promise<T>): Promise<T> {
    const child = await launch(server);
    const result = await whileAlive(child, server, ready);
    watch(child, server);
    return result;
  }
  function watch(child: Child, { name, logFile }: ProcessPlan): void {
    void child.exited.then((how) => {
      if (!expected.has(child)) say(`${name} ended unexpectedly (${how}). Its log: ${logFile}`);
    });
  }
  async function stop(): Promise<void> {
    ended = true;
    for (const child of children.values()) expected.add(child);
    await Promise.all([...children.values()].map((child) => child.stop()));
    await clearRun(dataDir);
  }

  return {
    get serverPid() {
      return children.get(server.name)?.pid ?? 0;
    },
    async start(ready) {
      try {
        const result = await launchServer(ready);
        // Started earlier, the UI would answer 503 until its first reconnection.
        for (const other of others) watch(await launch(other), other);
        return result;
      } catch (error) {
        await stop();
        throw error;
      }
    },
    async restartServer(ready) {
      const old = children.get(server.name);
      if (old) expected.add(old);
      await old?.kill();
      await launchServer(ready);
    },
    stop,
  };
}

async function whileAlive<T>(
  child: Child,
  { name, logFile }: ProcessPlan,
  work: (giveUp: AbortSignal) => Promise<T>,
): Promise<T> {
  const death = new AbortController();
  const died = child.exited.then(async (how) => {
    const error = new Error(
      `${name} ended at start (${how}). The end of ${logFile}:\n${await tailOf(logFile)}`,
    );
    death.abort(error);
    throw error;
  });
  const done = work(death.signal);
  // Whichever comes second must not count as unhandled.
  died.catch(() => undefined);
  done.catch(() => undefined);
  return Promise.race([done, died]);
}
