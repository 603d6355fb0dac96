import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { commandAnswerSchema } from '../../src/contract/api.js';
import { emailCorrectedSchema } from '../../src/contract/console.js';
import { auditSchema } from '../../src/contract/audit.js';
import { keyListSchema, madeKeySchema } from '../../src/contract/keys.js';
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

/** The command line as a real process, of somebody who has both keys. */
function cli(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const own = {
      PATH: process.env.PATH,
      PREORDER_URL: world.url,
      PREORDER_OPERATOR_KEY: world.operatorKey,
      PREORDER_SUPERVISOR_KEY: world.supervisorKey,
      PREORDER_DATA_DIR: dataDir,
    };
    const options = { env: { ...own, ...env } };
    execFile(process.execPath, ['bin/preorder.js', ...args], options, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

async function json<T extends z.ZodType>(schema: T, ...args: string[]): Promise<z.output<T>> {
  const run = await cli([...args, '--json']);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  return schema.parse(JSON.parse(run.stdout));
}

describe('keys and two persons', () => {
  it('a key is made, shown once, used and revoked', async () => {
    const made = await json(madeKeySchema, 'keys', 'add', '--name', 'alice', '--expires', '90d');
    const list = await json(keyListSchema, 'keys', 'list');
    expect(list.keys.find(({ id }) => id === made.id)).toMatchObject({ name: 'alice', role: 'operator' });
    expect((await cli(['keys', 'list'])).stdout).not.toContain(made.key);
    expect((await cli(['list'], { PREORDER_OPERATOR_KEY: made.key })).code).toBe(0);
    expect((await cli(['keys', 'revoke', made.id])).stdout).toContain('opens nothing any more');
    const after = await cli(['list'], { PREORDER_OPERATOR_KEY: made.key });
    expect(after.code).toBe(1);
    expect(after.stderr).toContain('revoked');
  });

  it('an operator proposes, a supervisor approves, the audit names both', async () => {
    const id = (await world.place({ quantity: 2 })).body.orderId;
    await world.sandbox.modes({ prefix: id, acceptance: 'reject' });
    expect((await cli(['start-fulfillment', id])).code).toBe(0);
    await world.until(id, (o) => o.needsAttention?.reason === 'partner_rejected');
    const pending = await cli(['resolve', id, '--action', 'cancel']);
    expect(pending.code).toBe(8);
    const proposal = /approve (pr_\w+)/.exec(pending.stderr)?.[1] ?? '';
    expect(pending.stdout).toContain('pending_approval');
    const attention = await cli(['attention']);
    expect(attention.stdout).toContain('Waits for a supervisor: cancel, proposed by operator');
    expect(attention.stderr).toContain(`approve ${proposal}`);
    expect((await cli(['approve', proposal, '--key', world.operatorKey])).code).toBe(1);
    expect((await json(commandAnswerSchema, 'approve', proposal)).answer).toBe('accepted');
    await world.untilStatus(id, 'cancelled');
    const { entries } = await json(auditSchema, 'audit', id);
    expect(entries.map(({ caller, action, outcome }) => [caller, action, outcome].join(' '))).toEqual([
      'operator place done',
      'operator start-fulfillment accepted',
      'operator resolve pending_approval',
      'supervisor approve accepted',
    ]);
    expect((await cli(['audit', id])).stdout).toContain('approve');
  });
});

it('correct-email: mails go to the address that is given, and what is none is refused', async () => {
  const { body } = await world.place();
  const { orderId } = body;
  const asked = ['correct-email', orderId, '--email'];
  expect(await json(emailCorrectedSchema, ...asked, 'ada@example.org')).toEqual({
    ...{ orderId, recipient: 'ada@example.org', changed: true },
  });
  expect((await cli([...asked, 'ada@example.org'])).stdout).toContain('nothing is changed, and nothing sent');
  expect((await cli([...asked, 'ada'])).code).toBe(2);
  expect((await world.call('GET', `/api/orders/${orderId}`)).body).toMatchObject({
    customer: { email: 'ada@example.org' },
  });
});
