import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../support/world.js';
import { storedKey } from './support/callers.js';
import { createHttp, type Got, type Http } from './support/http.js';

let world: World;
let http: Http;
beforeAll(async () => {
  world = await createWorld();
  http = createHttp(world.url, world.supervisorKey);
});
afterAll(async () => {
  http.close();
  await world.close();
});

const make = async (body: Record<string, unknown>): Promise<Record<'id' | 'key', string>> => {
  const got = await http.send({ method: 'POST', path: '/api/keys', body });
  expect(got.status, got.text).toBe(201);
  return got.body as never;
};
const books = (key: string): Promise<Got> => http.send({ path: '/api/books', key });

describe('machine keys', () => {
  it('are shown once, and kept as hashes only', async () => {
    const { id, key } = await make({ name: 'alice', role: 'operator', expires: '90d' });
    expect(key).toMatch(/^pmk_[0-9a-z]{10}_[\w-]{32}$/);
    expect((await books(key)).status).toBe(200);
    const list = await http.send({ path: '/api/keys' });
    expect(list.text).toContain(id);
    const secret = key.slice(-32);
    expect(list.text).not.toContain(secret);
    const rows = await world.database.db.selectFrom('machine_keys').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect(rows.find((row) => row.id === id)).toMatchObject({ created_by: 'supervisor', role: 'operator' });
  });

  it('open nothing once they are revoked, or have expired', async () => {
    const { id, key } = await make({ name: 'carol', role: 'supervisor' });
    expect((await books(key)).status).toBe(200);
    for (let twice = 0; twice < 2; twice++)
      expect((await http.send({ method: 'POST', path: `/api/keys/${id}/revoke` })).status).toBe(200);
    expect(await books(key)).toMatchObject({ status: 401, body: { code: 'key_ended' } });
    const expired = await storedKey(world, 'operator', { expiresAt: Date.now() - 1 });
    expect(await books(expired.key)).toMatchObject({ status: 401, body: { code: 'key_ended' } });
    expect((await http.send({ method: 'POST', path: '/api/keys/k_unknown/revoke' })).status).toBe(404);
  });

  it('are not made by operators: one could make himself a supervisor', async () => {
    const { key } = await make({ name: 'dave', role: 'operator' });
    const body = { name: 'dave, promoted', role: 'supervisor' };
    expect((await http.send({ method: 'POST', path: '/api/keys', body, key })).status).toBe(403);
  });

  it('tell two persons apart in what they order', async () => {
    const alice = await make({ name: 'alice', role: 'operator' });
    const bob = await make({ name: 'bob', role: 'operator' });
    const { orderId } = (await world.place()).body;
    for (const [verb, key] of [
      ['start-fulfillment', alice.key],
      ['cancel', bob.key],
    ] as const) {
      const got = await http.send({ method: 'POST', path: `/api/orders/${orderId}/${verb}`, key });
      expect(got.status, got.text).toBe(200);
      await world.untilStatus(orderId, 'awaiting_pickup', 'cancelled', 'cancelling');
    }
    const commands = await world.database.db.selectFrom('commands').select(['kind', 'actor']).execute();
    expect(commands).toContainEqual({ kind: 'start-fulfillment', actor: `operator:${alice.id}` });
    expect(commands).toContainEqual({ kind: 'cancel', actor: `operator:${bob.id}` });
  });
});
