import type { Caller } from '../../../src/api/access.js';
import { sha256 } from '../../../src/api/session.js';
import { addKey, revokeKey, type KeyRole } from '../../../src/db/machine-keys.js';
import { machineKey } from '../../../src/domain/identity.js';
import type { World } from '../../support/world.js';
import { sign } from './signed.js';

/** A key as the API makes it, with an end that a test cannot wait for. */
export async function storedKey(
  world: World,
  role: KeyRole,
  ends: { expiresAt?: number; revoked?: boolean } = {},
): Promise<{ id: string; key: string }> {
  const { id, key } = machineKey(crypto.getRandomValues(new Uint8Array(10)), `secret-${'x'.repeat(32)}`);
  const now = Date.now();
  const row = { id, name: `${role} of a test`, role, keyHash: sha256(key), createdBy: 'supervisor' };
  await addKey(world.database.db, { ...row, createdAt: now, expiresAt: ends.expiresAt ?? null });
  if (ends.revoked) await revokeKey(world.database.db, id, now);
  return { id, key };
}

export interface Credential {
  /** What the table of access calls it; `refused`: no key at all in its eyes, 401 wherever a key is asked for. */
  as: Caller | 'foreign' | 'refused';
  /** On the customer's pages, and at the doors of partners, where that is somebody else. */
  onPages?: Caller;
  atWebhooks?: Caller;
  /** `own`: the token of the order that is asked for; `body`: what is sent. */
  headers: (own: string, body: string) => Record<string, string> | Promise<Record<string, string>>;
}

/** As a browser at our own page sends it; a new session each time, because one of the doors ends it. */
async function signedIn({ url }: World, key: string): Promise<Record<string, string>> {
  const body = JSON.stringify({ key });
  const headers = { 'content-type': 'application/json', origin: url };
  const reply = await fetch(`${url}/api/session`, { method: 'POST', headers, body });
  const [cookie = ''] = reply.headers.getSetCookie();
  return { cookie: cookie.split(';')[0] ?? '', origin: url };
}

const bearer = (key: string) => () => ({ authorization: `Bearer ${key}` });

/** Everyone who may knock, with good, bad, ended and borrowed credentials. */
export async function everyCaller(world: World, foreignToken: string): Promise<Record<string, Credential>> {
  const operator = await storedKey(world, 'operator', { expiresAt: Date.now() + 3_600_000 });
  const supervisor = await storedKey(world, 'supervisor');
  const expired = await storedKey(world, 'supervisor', { expiresAt: Date.now() - 1 });
  const revoked = await storedKey(world, 'operator', { revoked: true });
  const last = operator.key.slice(-1) === 'x' ? 'y' : 'x';
  return {
    anonymous: { as: 'anonymous', headers: () => ({}) },
    'a partner without its events': {
      as: 'anonymous',
      headers: () => ({ ...sign.payment('{}', 'whsec_test'), ...sign.delivery('', 'delivery-test') }),
    },
    // Its signature opens no other door.
    'a partner': {
      as: 'anonymous',
      atWebhooks: 'partner',
      headers: (_own, body) => ({
        ...sign.payment(body, 'whsec_test'),
        ...sign.delivery(body, 'delivery-test'),
      }),
    },
    'an operator by cookie': {
      as: 'operator',
      onPages: 'anonymous',
      headers: () => signedIn(world, operator.key),
    },
    'a supervisor by cookie': {
      as: 'supervisor',
      onPages: 'anonymous',
      headers: () => signedIn(world, supervisor.key),
    },
    'its customer': { as: 'customer', headers: (own) => ({ authorization: `Bearer ${own}` }) },
    'another customer': { as: 'foreign', headers: bearer(foreignToken) },
    'a made-up token': { as: 'foreign', headers: bearer('pot_this-is-no-token-of-any-order-at-all') },
    'the first operator': { as: 'operator', headers: bearer(world.operatorKey) },
    'the first supervisor': { as: 'supervisor', headers: bearer(world.supervisorKey) },
    'an operator': { as: 'operator', headers: bearer(operator.key) },
    'a supervisor': { as: 'supervisor', headers: bearer(supervisor.key) },
    'an expired key': { as: 'refused', headers: bearer(expired.key) },
    'a revoked key': { as: 'refused', headers: bearer(revoked.key) },
    'an unknown key': { as: 'refused', headers: bearer('pok_wrong_operator_key_0123456789') },
    'an id without its secret': { as: 'refused', headers: bearer(`${operator.key.slice(0, -1)}${last}`) },
    'a malformed key': { as: 'refused', headers: bearer('no') },
    'a key without its scheme': { as: 'refused', headers: () => ({ authorization: world.operatorKey }) },
  };
}
