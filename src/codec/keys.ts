import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';

/** The first key encrypts, all of them decrypt: so one can follow another while orders wait. */
export interface PayloadKeys {
  current: { id: string; key: KeyObject };
  byId: ReadonlyMap<string, KeyObject>;
}

const KEY_BYTES = 32;
const howTo = `a key is ${KEY_BYTES} random bytes in base64: node -p "crypto.randomBytes(${KEY_BYTES}).toString('base64')"`;

/** Reads `id:base64key,id2:base64key`. Throws an Error that names the key that is wrong, and never its bytes. */
export function parsePayloadKeys(text: string): PayloadKeys {
  const keys = text.split(',').map((entry, index) => parseKey(entry.trim(), index + 1));
  const [current] = keys;
  if (!current) throw new Error(`no key is given; ${howTo}`);
  const byId = new Map(keys.map(({ id, key }) => [id, key]));
  if (byId.size < keys.length) throw new Error('two keys have the same id');
  return { current, byId };
}

function parseKey(entry: string, place: number): PayloadKeys['current'] {
  const [, id, base64] = /^([\w.-]{1,40}):(.*)$/.exec(entry) ?? [];
  if (id === undefined || base64 === undefined) throw new Error(`key ${place} is not id:base64key; ${howTo}`);
  if (!/^[\w+/-]+={0,2}$/.test(base64)) throw new Error(`key "${id}" is not base64; ${howTo}`);
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length !== KEY_BYTES) throw new Error(`key "${id}" has ${bytes.length} bytes; ${howTo}`);
  return { id, key: createSecretKey(bytes) };
}

/** A new key in the form that `parsePayloadKeys` reads. Its id is its own, so that another key is never taken for it. */
export function makePayloadKey(prefix: string): string {
  return `${prefix}-${randomBytes(4).toString('hex')}:${randomBytes(KEY_BYTES).toString('base64')}`;
}
