import type { DataConverter } from '@temporalio/common';
import type { NativeConnection } from '@temporalio/worker';
import { Worker, type WorkerOptions } from '@temporalio/worker';
import { readFileSync } from 'node:fs';
import { createActivities, type Activities } from '../activities/index.js';
import type { Deps } from '../activities/deps.js';
import { buildIdOf } from './deployment.js';

export interface WorkerSettings {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  bundlePath: string;
  dataConverter: DataConverter;
  /** Which build of the workflow code this is; by default a hash of it. */
  buildId?: string | undefined;
  tuning?: Partial<WorkerOptions>;
}

export interface RunningWorker {
  buildId: string;
  activities: Activities;
  /** Stops polling, lets running work end, and returns. */
  stop(): Promise<void>;
  /** Rejects when the worker fails. */
  ended: Promise<void>;
}

export async function startWorker(settings: WorkerSettings, deps: Deps): Promise<RunningWorker> {
  const code = readFileSync(settings.bundlePath, 'utf8');
  const buildId = settings.buildId ?? buildIdOf(code);
  const activities = createActivities(deps);
  const worker = await Worker.create({
    connection: settings.connection,
    namespace: settings.namespace,
    taskQueue: settings.taskQueue,
    workflowBundle: { code },
    activities,
    dataConverter: settings.dataConverter,
    // The default of 0 kills running activities at every deploy; HTTP calls end within this.
    shutdownGraceTime: '10s',
    maxCachedWorkflows: 2_000,
    // How long a dead worker's orders wait for it before another takes them over.
    stickyQueueScheduleToStartTimeout: '3s',
    workerDeploymentOptions: {
      // Named like the queue: two systems on one Temporal server do not route each other's orders.
      version: { deploymentName: settings.taskQueue, buildId },
      useWorkerVersioning: true,
      // Orders wait for months: they move on to each new build, and changes stand behind patched().
      defaultVersioningBehavior: 'AUTO_UPGRADE',
    },
    ...settings.tuning,
  });
  const ended = worker.run();
  ended.catch(() => undefined);
  return {
    buildId,
    activities,
    ended,
    stop: async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await ended.catch(() => undefined);
    },
  };
}
