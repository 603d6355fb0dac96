import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { fastForwardWorkflow } from '../../src/client/fast-forward.js';
import { buildWith } from '../support/builds.js';
import { atRest } from '../support/flows.js';
import { replay } from '../support/replay.js';
import { createWorld } from '../support/world.js';

/**
 * Workflows compare their clock with deadlines after local activities. That is safe as long as a replay sees the same
 * clock to the millisecond: here each reading is written into the history, as the name of a patch, which a replay
 * compares.
 */
const prelude = `
  const quick = proxyLocalActivities({ startToCloseTimeout: '3 seconds', retry: { maximumAttempts: 1 } });
  let n = 0;
  const read = () => void patched(\`\${n++} \${Date.now()}\`);
  const call = { orderId: input.orderId, reason: 'undo_failing', resolution: '', by: 'test', at: 0 };
  const works = () => quick.closeCall(call).then(read);
  const fails = () => quick.closeCall({ ...call, at: 'never' }).then(() => { throw new Error('it works'); }, read);`;

const builds: string[] = [];
afterAll(() => builds.forEach((path) => rmSync(path)));

async function differingReadings(body: string): Promise<number> {
  const code = await buildWith('order', `${prelude}\n${body}`);
  const path = join(import.meta.dirname, `../../dist/clock-${builds.length}-${process.pid}.js`);
  writeFileSync(path, code);
  builds.push(path);
  const world = await createWorld({}, { split: true });
  try {
    await world.stopWorker();
    await world.startWorker({ bundlePath: path });
    const ids: string[] = [];
    for (let i = 0; i < 8; i++) ids.push((await world.placing()).id);
    const histories = await Promise.all(
      ids.map(async (id) => {
        const workflowId = `order-${id}`;
        await atRest(world, workflowId);
        await fastForwardWorkflow(world.temporal, workflowId, 61 * 86_400_000);
        await world.untilStatus(id, 'awaiting_release');
        await atRest(world, workflowId);
        return { workflowId, history: await world.temporal.workflow.getHandle(workflowId).fetchHistory() };
      }),
    );
    return (await replay(histories, code)).length;
  } finally {
    await world.close();
  }
}

it('is the same in a replay after local activities, one after the other, months of timers between them', async () => {
  const body = `
    await works(); await fails(); await works();
    await sleep('30 days'); read();
    await fails(); await works();
    await sleep('30 days'); read();
    await works(); await fails();`;
  expect(await differingReadings(body)).toBe(0);
});

it('differs after local activities at the same time: there must never be two', async () => {
  expect(await differingReadings(`await Promise.all([works(), fails(), works(), works()]);`)).toBeGreaterThan(
    0,
  );
});
