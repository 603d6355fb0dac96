import type { Client } from '@temporalio/client';
import { Worker, type ReplayWorkerOptions } from '@temporalio/worker';

export interface Unfit {
  workflowId: string;
  /** What in its history this build would not have done. */
  reason: string;
}

/** So many histories are held in memory at once, and so many are fetched. */
const CHUNK = 100;
const AT_ONCE = 10;

/**
 * Replays the history of every workflow that runs on the queue, on this build, before it is given any of them to carry.
 * Orders wait for months: a build that cannot carry one of them, be it new or an old one to go back to, is found here.
 * Meanwhile others go on: what is new or has moved is replayed once more at the end.
 */
export async function unfitWorkflows(
  client: Client,
  taskQueue: string,
  build: ReplayWorkerOptions,
): Promise<{ replayed: number; unfit: Unfit[] }> {
  const unfit = new Map<string, Unfit>();
  const seen = new Map<string, number>();
  for (const _ of ['all', 'what has moved']) {
    for await (const chunk of chunks(histories(client, taskQueue, seen), CHUNK)) {
      for await (const { workflowId, error } of Worker.runReplayHistories(build, chunk)) {
        if (error) unfit.set(workflowId, { workflowId, reason: error.message });
      }
    }
  }
  return { replayed: seen.size, unfit: [...unfit.values()] };
}

/** The histories of all that runs, but of those that are as long as when they were `seen`. */
async function* histories(client: Client, taskQueue: string, seen: Map<string, number>) {
  const query = `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`;
  const fetch = async ({ workflowId, runId }: { workflowId: string; runId: string }) => {
    const run = client.workflow.getHandle(workflowId, runId);
    if (seen.has(runId) && (await run.describe()).historyLength === seen.get(runId)) return [];
    const history = await run.fetchHistory();
    seen.set(runId, history.events?.length ?? 0);
    return [{ workflowId, history }];
  };
  for await (const few of chunks(client.workflow.list({ query }), AT_ONCE))
    yield* (await Promise.all(few.map(fetch))).flat();
}

async function* chunks<T>(all: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let chunk: T[] = [];
  for await (const each of all) {
    chunk.push(each);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
