import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { connectionOptions, temporalClient } from '../../client/connection.js';
import { readConfig } from '../../config.js';
import { buildIdOf, makeCurrent } from '../../worker/deployment.js';
import { unfitWorkflows } from '../../worker/promotion.js';
import { encryptionOf } from '../encryption.js';
import { projectRoot } from '../project-root.js';

const SHOWN = 10;

/**
 * `preorder promote [--check]`: gives the orders that run to this build, new or old, if it can carry each of them.
 * Exit 1: it cannot, and everything stays as it is.
 */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { check: { type: 'boolean', default: false } } });
  const config = readConfig();
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  const namespace = config.TEMPORAL_NAMESPACE;
  const connection = await NativeConnection.connect(
    connectionOptions({ address: config.TEMPORAL_ADDRESS, namespace }),
  );
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  try {
    const { dataConverter } = encryptionOf(config);
    const client = temporalClient(connection, namespace, dataConverter);
    const code = readFileSync(join(projectRoot(), 'dist/workflow-bundle.js'), 'utf8');
    const buildId = config.PREORDER_BUILD_ID ?? buildIdOf(code);
    const queue = config.PREORDER_TASK_QUEUE;
    const { replayed, unfit } = await unfitWorkflows(client, queue, {
      workflowBundle: { code },
      dataConverter,
    });
    if (unfit.length > 0) {
      say(`Refused: build ${buildId} cannot carry ${unfit.length} of ${replayed} running workflows.`);
      for (const { workflowId, reason } of unfit.slice(0, SHOWN)) say(`  ${workflowId}: ${reason}`);
      say('Put the change behind patched(), or let these end on the build that carries them now.');
      return 1;
    }
    if (!values.check) await makeCurrent(client, queue, buildId);
    say(
      values.check
        ? `Build ${buildId} can carry all ${replayed} running workflows.`
        : `Build ${buildId} is current; it carries all ${replayed} running workflows.`,
    );
    return 0;
  } finally {
    await connection.close();
  }
}
