import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../support/world.js';
import { operatorKey, secondApi, type SecondApi } from './support/second-api.js';

let world: World;
let api: SecondApi;
beforeAll(async () => {
  world = await createWorld();
  const { database, temporal, taskQueue } = world;
  const timeouts = { headersMs: 1_500, requestMs: 3_000 };
  api = await secondApi({ database, temporal, taskQueue, timeouts });
});
afterAll(async () => {
  await api.close();
  await world.close();
});

/** Says `start`, then a byte now and then without end; resolves with what came back until the server hung up. */
function dawdle(start: string, drip = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(Number(new URL(api.url).port), '127.0.0.1');
    let heard = '';
    const timer = setInterval(() => drip && socket.writable && socket.write(drip), 50);
    socket.on('data', (bytes) => (heard += bytes.toString()));
    // A byte that crosses the server's goodbye.
    socket.on('error', (error: NodeJS.ErrnoException) =>
      ['ECONNRESET', 'EPIPE'].includes(error.code ?? '') ? undefined : reject(error),
    );
    socket.on('close', () => {
      clearInterval(timer);
      resolve(heard);
    });
    socket.write(start);
  });
}

const head = [
  'POST /api/orders HTTP/1.1',
  'host: localhost',
  `authorization: Bearer ${operatorKey}`,
  `idempotency-key: ${randomUUID()}`,
  'content-type: application/json',
  'content-length: 400',
];
const body = '{"sku":"half-a-bod';

describe('a request that does not come to its end', () => {
  it.concurrent.each([
    ['half a body, then silence', `${head.join('\r\n')}\r\n\r\n${body}`, ''],
    ['a body that drips', `${head.join('\r\n')}\r\n\r\n${body}`, 'x'],
    ['half of the headers, then silence', head.slice(0, 3).join('\r\n'), ''],
    ['headers that drip', `${head.join('\r\n')}\r\nx-slow: `, 'x'],
  ])('%s: 408, and the connection is closed', async (_name, start, drip) => {
    const heard = await dawdle(start, drip);
    expect(heard).toMatch(/^HTTP\/1\.1 408 /);
    expect(heard).toContain('application/problem+json');
    expect(heard).toContain('too_slow');
    expect(heard).not.toContain('half-a-bod');
  });

  it.concurrent('a connection that says nothing at all is closed', async () => {
    await dawdle('');
  });

  it('holds nobody else up, and places nothing', async () => {
    const orders = () => world.database.db.selectFrom('orders').select('id').execute();
    const before = await orders();
    const slow = Array.from({ length: 50 }, () => dawdle(`${head.join('\r\n')}\r\n\r\n${body}`, ' '));
    for (let n = 0; n < 20; n++) expect((await api.send({ path: '/api/products' })).status).toBe(200);
    for (const heard of await Promise.all(slow)) expect(heard).toContain('408');
    expect((await api.send({ path: '/api/products' })).status).toBe(200);
    expect(await orders()).toEqual(before);
  });
});
