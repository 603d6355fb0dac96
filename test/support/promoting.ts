import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { testPayloadKeys } from './payload-keys.js';
import type { World } from './world.js';

/** `preorder promote` of the build under test, as a deploy would run it. */
export async function promote(
  world: World,
  args: string[],
  settings: Record<string, string> = {},
): Promise<{ code: number; said: string }> {
  const { address, namespace } = inject('temporal');
  const env = {
    PATH: process.env.PATH ?? '',
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    PREORDER_PAYLOAD_KEYS: testPayloadKeys,
    PREORDER_TASK_QUEUE: world.taskQueue,
    ...settings,
  };
  const program = join(import.meta.dirname, '../../bin/preorder.js');
  const run = promisify(execFile)(process.execPath, [program, 'promote', ...args], { env });
  return run.then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    (error: { code: number; stdout: string }) => ({ code: error.code, said: error.stdout }),
  );
}
