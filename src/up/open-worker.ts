import type { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { NativeConnection } from '@temporalio/worker';
import { join } from 'node:path';
import type { Deps } from '../activities/deps.js';
import { connectionOptions, temporalClient } from '../client/connection.js';
import { scheduleReconciliation } from '../client/reconciliation.js';
import type { Config } from '../config.js';
import { MINUTE } from '../domain/deadline.js';
import { crashAt } from '../worker/crash-points.js';
import { startWorker, type RunningWorker } from '../worker/create-worker.js';
import { makeCurrent } from '../worker/deployment.js';
import { projectRoot } from './project-root.js';
import { tryingAgain } from './trying-again.js';

export interface WorkerProcess {
  /** Resolves once it polls: it waits for Temporal as long as that takes. */
  ready: Promise<void>;
  /** Rejects when the worker fails. */
  ended: Promise<void>;
  /** Shares the worker's connection, while it polls: starts through it are eager. */
  client(): Client | undefined;
  stop(): Promise<void>;
}

interface Parts extends Deps {
  dataConverter: DataConverter;
  /** Instead of the workflows that this program was built with. */
  bundlePath: string | undefined;
}

interface Polling {
  connection: NativeConnection;
  worker: RunningWorker;
  client: Client;
}

/** Returns at once. Temporal may be away now, and come back: this process need not be started again for it. */
export function openWorker(config: Config, { dataConverter, bundlePath, ...deps }: Parts): WorkerProcess {
  const { TEMPORAL_NAMESPACE: namespace, PREORDER_TASK_QUEUE: taskQueue } = config;
  const stopping = new AbortController();
  const { signal } = stopping;
  let client: Client | undefined;

  async function poll(): Promise<Polling | undefined> {
    const options = connectionOptions({ address: config.TEMPORAL_ADDRESS, namespace });
    const connection = await tryingAgain('Temporal', () => NativeConnection.connect(options), signal);
    if (!connection) return undefined;
    try {
      const worker = await workerOn(connection);
      client = temporalClient(connection, namespace, dataConverter);
      return { connection, worker, client };
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  function workerOn(connection: NativeConnection): Promise<RunningWorker> {
    const crashPoint = config.PREORDER_DEVELOPMENT ? config.PREORDER_CRASH_AT : undefined;
    return startWorker(
      {
        ...{ connection, namespace, taskQueue, dataConverter, buildId: config.PREORDER_BUILD_ID },
        bundlePath: bundlePath ?? join(projectRoot(), 'dist/workflow-bundle.js'),
        tuning: crashPoint ? { interceptors: { activity: [crashAt(crashPoint)] } } : {},
      },
      deps,
    );
  }

  /** What the server must know besides; the worker polls meanwhile. */
  async function announce({ worker, client: through }: Polling): Promise<void> {
    if (config.PREORDER_DEVELOPMENT)
      await tryingAgain('current build', () => makeCurrent(through, taskQueue, worker.buildId), signal);
    const everyMs = config.PREORDER_RECONCILE_EVERY ?? 3 * MINUTE;
    const schedule = () => scheduleReconciliation(through, taskQueue, everyMs);
    await tryingAgain('schedule of the reconciler', schedule, signal);
  }

  const polling = poll();
  const ready = polling.then((running) => running && announce(running));
  const ended = polling.then((running) => running?.worker.ended);
  for (const promise of [ready, ended]) promise.catch(() => undefined);
  return {
    ready,
    ended,
    client: () => client,
    stop: async () => {
      stopping.abort();
      client = undefined;
      const running = await polling.catch(() => undefined);
      await ready.catch(() => undefined);
      await running?.worker.stop();
      await running?.connection.close();
    },
  };
}
