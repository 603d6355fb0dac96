import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reconciliationSchema } from '../../src/contract/reconciliation.js';
import { placed } from '../support/flows.js';
import { createWorld, type World } from '../support/world.js';

let world: World;
let dataDir: string;
beforeAll(async () => {
  world = await createWorld();
  dataDir = mkdtempSync(join(tmpdir(), 'preorder-cli-'));
});
afterAll(async () => {
  await world.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** The command line as a real process, as a script would call it. */
function cli(args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = {
    PATH: process.env.PATH,
    PREORDER_URL: world.url,
    PREORDER_OPERATOR_KEY: world.operatorKey,
    PREORDER_DATA_DIR: dataDir,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, ['bin/preorder.js', ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

it('reconciles: ends with 0 while everything fits, with 1 when something does not', async () => {
  const fits = await cli(['reconcile']);
  expect(fits).toMatchObject({ code: 0, stdout: expect.stringContaining('Everything fits') as string });
  const id = await placed(world);
  const run = world.temporal.workflow.getHandle(`order-${id}`);
  await run.terminate('by the test');
  const found = await cli(['reconcile']);
  expect(found.code).toBe(1);
  expect(found.stdout).toContain(`! ${id}  workflow_gone`);
  expect(found.stderr).toContain(`preorder resolve ${id} --action acknowledge`);
  const last = await cli(['reconcile', '--last', '--json']);
  expect(last).toMatchObject({ code: 1, stderr: '' });
  expect(reconciliationSchema.parse(JSON.parse(last.stdout)).findings).toMatchObject([{ orderId: id }]);
  expect((await cli(['attention'])).stdout).toContain('do not fit together');
  expect((await cli(['books'])).stderr).toContain('preorder reconcile --last');
  expect((await cli(['resolve', id, '--action', 'acknowledge'])).code).toBe(0);
});
