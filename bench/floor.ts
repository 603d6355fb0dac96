import { Client } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';

export interface Floor {
  /** Starts an empty workflow and waits for its end. */
  run: () => Promise<void>;
  stop(): Promise<void>;
}

/** An empty workflow on the same server, beside which every figure is read. */
export async function openFloor(address: string, namespace: string): Promise<Floor> {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  const connection = await NativeConnection.connect({ address });
  const workflowsPath = fileURLToPath(new URL('./floor-workflow.js', import.meta.url));
  const workflowBundle = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  const taskQueue = `bench-floor-${process.pid}`;
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowBundle });
  const running = worker.run();
  const client = new Client({ connection, namespace });
  let count = 0;
  return {
    async run() {
      const workflowId = `floor-${process.pid}-${(count += 1)}`;
      const handle = await client.workflow.start('floor', { workflowId, taskQueue, requestEagerStart: true });
      await handle.result();
    },
    async stop() {
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
}
