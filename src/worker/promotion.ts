import type { Client } from '@temporalio/client';
import { Worker, type ReplayWorkerOptions } from '@temporalio/worker';

export interface Unfit {
  workflowId: string;
  /** What in its history this build would not have done. */
  reason: string;
}

/** So many histories are held in memory at once. */
const CHUNK = 100;

/**
 * Replays the history of every workflow that runs on the queue, on this build, before it is given any of them to carry.
 * Orders wait for months: a build that cannot carry one of them, be it new or an old one to go back to, is found here.
 */
export async function unfitWorkflows(
  client: Client,
  taskQueue: string,
  build: ReplayWorkerOptions,
): Promise<{ replayed: number; unfit: Unfit[] }> {
  const query = `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`;
  const unfit: Unfit[] = [];
  let replayed = 0;
  for await (const chunk of chunks(client.workflow.list({ query }).intoHistories(), CHUNK)) {
    for await (const { workflowId, error } of Worker.runReplayHistories(build, chunk)) {
      replayed += 1;
      if (error) unfit.push({ workflowId, reason: error.message });
    }
  }
  return { replayed, unfit };
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
