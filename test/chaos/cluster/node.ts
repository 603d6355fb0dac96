import { setTimeout as sleep } from 'node:timers/promises';
import { startChild, tailOf, type Child } from '../../../src/up/temporal/child.js';
import { until } from '../../../src/up/temporal/poll.js';
import { isListening } from '../../../src/up/temporal/ports.js';
import type { ProcessPlan, Say } from '../../../src/up/temporal/types.js';

/** One process of the cluster, started again whenever it has ended, as a supervisor would. */
export interface ClusterNode {
  /** kill -9, and a new start after so long. */
  kill(downMs: number): Promise<void>;
  /** Returns when it listens. */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

const PAUSE_MS = 500;
const READY_WITHIN_MS = 90_000;

/** Returns when it listens for the first time; throws when it ends before that. */
export async function startNode(plan: ProcessPlan, port: number, say: Say): Promise<ClusterNode> {
  let child = await startChild(plan);
  let pauseMs = PAUSE_MS;
  let stopped = false;
  const ready = (giveUp?: AbortSignal): Promise<void> =>
    until(`${plan.name} on port ${port}`, () => isListening(port), { timeoutMs: READY_WITHIN_MS, giveUp });

  async function keepAlive(): Promise<void> {
    for (;;) {
      const how = await child.exited;
      if (stopped) return;
      // Not only when it was killed: without its database it gives up, and counts on being started again.
      say(`${plan.name} ended (${how})`);
      await sleep(pauseMs);
      pauseMs = PAUSE_MS;
      if (stopped) return;
      child = await startChild(plan);
    }
  }

  await ready(deathOf(child, plan));
  const running = keepAlive();
  return {
    ready,
    kill: async (downMs) => {
      pauseMs = downMs;
      await child.kill();
      await sleep(downMs);
    },
    stop: async () => {
      stopped = true;
      await child.stop(2_000);
      await running;
    },
  };
}

function deathOf(child: Child, { name, logFile }: ProcessPlan): AbortSignal {
  const death = new AbortController();
  void child.exited.then(async (how) =>
    death.abort(new Error(`${name} ended at its start (${how}):\n${await tailOf(logFile)}`)),
  );
  return death.signal;
}
