import type { Client } from '@temporalio/client';
import { createHash } from 'node:crypto';

/** Which build of the workflow code this is, unless it has been given a name. */
export const buildIdOf = (code: string): string =>
  createHash('sha256').update(code).digest('hex').slice(0, 12);

/**
 * Makes a build the current one of the deployment, so that orders are routed to it. In production this is a step of
 * the deploy; a laptop does it at start. Waits until the build's worker has been seen by the server.
 */
export async function makeCurrent(
  client: Client,
  deploymentName: string,
  buildId: string,
  patienceMs = 30_000,
): Promise<void> {
  const until = Date.now() + patienceMs;
  for (;;) {
    try {
      await client.workflowService.setWorkerDeploymentCurrentVersion({
        namespace: client.options.namespace,
        deploymentName,
        buildId,
        identity: 'preorder',
        ignoreMissingTaskQueues: true,
        allowNoPollers: true,
      });
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
