import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { createWorld, type World } from '../support/world.js';
import { operatorKey, secondApi } from './support/second-api.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

it('a request that is answered while the API stops gives its connection back, and the API stops', async () => {
  const { database, temporal, taskQueue } = world;
  let begin = (): void => undefined;
  let end = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const ended = new Promise<void>((resolve) => (end = resolve));
  const reconciler = { run: async () => (begin(), await ended, undefined) };
  const api = await secondApi({ database, temporal, taskQueue, reconciler });
  const asked = fetch(`${api.url}/api/reconciliation/run`, {
    method: 'POST',
    headers: { authorization: `Bearer ${operatorKey}` },
  });
  await begun;
  const stopped = api.close();
  await eventually(() => !api.app.server.listening);
  end();
  expect((await asked).headers.get('connection')).toBe('close');
  await stopped;
});
