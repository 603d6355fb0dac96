import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { connectionOptions, temporalClient } from '../../client/connection.js';
import { readConfig } from '../../config.js';
import { refusalToOpen } from '../../db/database.js';
import { buildIdOf, hasWorkers, makeCurrent } from '../../worker/deployment.js';
import { unfitWorkflows, type Unfit } from '../../worker/promotion.js';
import { encryptionOf } from '../encryption.js';
import { projectRoot } from '../project-root.js';

const SHOWN = 10;

const options = { check: { type: 'boolean' }, 'without-workers': { type: 'boolean' } } as const;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/**
 * `preorder promote [--check] [--without-workers]`: gives the orders that run to this build, new or old, if it can start,
 * can carry each of them, and has workers. Exit 1: something is missing, and everything stays as it is.
 */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options });
  const config = readConfig();
  // The embedded database belongs to the one process that is started with it.
  const refusal = config.DATABASE_URL && (await refusalToOpen(config.DATABASE_URL));
  if (refusal) return refuse(`this build could not start: ${refusal}`);
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  const namespace = config.TEMPORAL_NAMESPACE;
  const connection = await NativeConnection.connect(
    connectionOptions({ address: config.TEMPORAL_ADDRESS, namespace }),
  );
  try {
    const { dataConverter } = encryptionOf(config);
    const client = temporalClient(connection, namespace, dataConverter);
    const code = readFileSync(join(projectRoot(), 'dist/workflow-bundle.js'), 'utf8');
    const buildId = config.PREORDER_BUILD_ID ?? buildIdOf(code);
    const queue = config.PREORDER_TASK_QUEUE;
    const looked = await unfitWorkflows(client, queue, { workflowBundle: { code }, dataConverter });
    if (looked.unfit.length > 0) return refuse(...cannotCarry(buildId, looked));
    if (values.check) {
      say(`Build ${buildId} can carry all ${looked.replayed} running workflows.`);
      return 0;
    }
    if (!values['without-workers'] && !(await hasWorkers(client, queue, buildId)))
      return refuse(
        `no worker of build ${buildId} polls, so nobody would carry the orders.`,
        'Start its workers first, or say --without-workers.',
      );
    await makeCurrent(client, queue, buildId);
    say(`Build ${buildId} is current; it carries all ${looked.replayed} running workflows.`);
    return 0;
  } finally {
    await connection.close();
  }
}

function refuse(why: string, ...more: string[]): number {
  say(`Refused: ${why}`);
  more.forEach(say);
  return 1;
}

const cannotCarry = (
  buildId: string,
  { replayed, unfit }: { replayed: number; unfit: Unfit[] },
): [string, ...string[]] => [
  `build ${buildId} cannot carry ${unfit.length} of ${replayed} running workflows.`,
  ...unfit.slice(0, SHOWN).map(({ workflowId, reason }) => `  ${workflowId}: ${reason}`),
  'Put the change behind patched(), or let these end on the build that carries them now.',
];
