import type { Client } from '@temporalio/client';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { hasWorkers } from '../../src/worker/deployment.js';
import { unfitWorkflows } from '../../src/worker/promotion.js';
import { buildWith } from '../support/builds.js';
import { eventually } from '../support/eventually.js';
import { atRest, placed } from '../support/flows.js';
import { testDataConverter } from '../support/payload-keys.js';
import { promote } from '../support/promoting.js';
import { createWorld, type World } from '../support/world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function currentBuild(): Promise<string | undefined> {
  const { options, workflowService } = world.temporal;
  const { workerDeploymentInfo: info } = await workflowService.describeWorkerDeployment({
    namespace: options.namespace,
    deploymentName: world.taskQueue,
  });
  return info?.routingConfig?.currentDeploymentVersion?.buildId ?? undefined;
}
const build = (id: string) => ({ PREORDER_BUILD_ID: id });

it('a build whose workers poll becomes current', async () => {
  expect(await promote(world, [], build('test'))).toEqual({
    code: 0,
    said: expect.stringContaining('Build test is current') as string,
  });
});

it('a build that nobody would work on is refused, unless that is meant', async () => {
  const { code, said } = await promote(world, [], build('idle'));
  expect([code, said]).toEqual([1, expect.stringContaining('Refused: no worker of build idle polls')]);
  expect(await currentBuild()).toBe('test');
  expect(await promote(world, ['--without-workers'], build('idle'))).toMatchObject({ code: 0 });
  expect(await currentBuild()).toBe('idle');
  expect(await promote(world, [], build('test'))).toMatchObject({ code: 0 });
});

it('a worker that has not asked for work for minutes does not count, although the server still lists it', async () => {
  const workersAt = (now: number) => hasWorkers(world.temporal, world.taskQueue, 'test', now);
  expect(await workersAt(Date.now())).toBe(true);
  expect(await workersAt(Date.now() + 3 * 60_000)).toBe(false);
});

it('what begins while the others are replayed is replayed as well', async () => {
  const code = await buildWith('order', `await sleep('1 millisecond')`);
  const { workflow } = world.temporal;
  const running: string[] = [];
  let lists = 0;
  async function* list(options: { query: string }) {
    lists += 1;
    if (lists === 2) {
      const workflowId = `order-${await placed(world)}`;
      // The answer may come before the workflow's first task ends, and a history without one fits any build.
      await atRest(world, workflowId);
      running.push(workflowId);
    }
    await eventually(async () => (await workflow.count(options.query)).count === running.length);
    yield* workflow.list(options);
  }
  const client = { workflow: { list, getHandle: workflow.getHandle.bind(workflow) } } as unknown as Client;
  const { unfit } = await unfitWorkflows(client, world.taskQueue, {
    workflowBundle: { code },
    dataConverter: testDataConverter,
  });
  expect(unfit.map(({ workflowId }) => workflowId)).toEqual(running);
  expect(running).toHaveLength(1);
});

it.skipIf(!inject('postgresUrl'))('a build that could not start on the database is refused', async () => {
  const { db } = world.database;
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(db);
  const url = inject('postgresUrl')?.replace(/\/[^/]*$/, `/${rows[0]?.name}`) ?? '';
  expect(await promote(world, ['--check'], { DATABASE_URL: url })).toMatchObject({ code: 0 });
  await sql`insert into kysely_migration (name, timestamp) values ('902-less >= 999.0.0', '')`.execute(db);
  expect(await promote(world, ['--check'], { DATABASE_URL: url })).toEqual({
    code: 1,
    said: expect.stringMatching(/^Refused: this build could not start: .* run 999\.0\.0 or newer/) as string,
  });
});
