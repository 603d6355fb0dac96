import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { expect, it } from 'vitest';
import { makePayloadKey, parsePayloadKeys } from './keys.js';
import { createPayloadCodec, UnreadablePayload } from './payload-codec.js';

const [january, july] = [makePayloadKey('january'), makePayloadKey('july')];
const codecOf = (keys: string) => createPayloadCodec(parsePayloadKeys(keys));
const secret = { street: '77 Birdcage Walk' };
const plain = defaultPayloadConverter.toPayload(secret);
const valueOf = ([payload]: Payload[]): unknown => payload && defaultPayloadConverter.fromPayload(payload);

it('gives back what it was given, and shows nothing of it', async () => {
  const [encrypted] = await codecOf(january).encode([plain]);
  expect(Buffer.from(encrypted?.data ?? []).toString('latin1')).not.toContain('Birdcage');
  expect(Object.keys(encrypted?.metadata ?? {})).toEqual(['encoding', 'encryption-key-id']);
  expect(valueOf(await codecOf(january).decode([encrypted as Payload]))).toEqual(secret);
});

it('encrypts the same twice to something else', async () => {
  const [one, two] = await codecOf(january).encode([plain, plain]);
  expect(Buffer.from(one?.data ?? [])).not.toEqual(Buffer.from(two?.data ?? []));
});

it('leaves what is not encrypted as it is', async () => {
  expect(await codecOf(january).decode([plain])).toEqual([plain]);
});

it('rotates: the first key encrypts, all of them decrypt', async () => {
  const old = await codecOf(january).encode([plain]);
  const rotated = codecOf(`${july},${january}`);
  expect(valueOf(await rotated.decode(old))).toEqual(secret);
  const young = await rotated.encode([plain]);
  expect(valueOf(await codecOf(july).decode(young))).toEqual(secret);
  await expect(codecOf(january).decode(young)).rejects.toThrow(UnreadablePayload);
});

it('names the key that is missing, and says what to do', async () => {
  const old = await codecOf(january).encode([plain]);
  const id = january.split(':')[0] ?? '';
  await expect(codecOf(july).decode(old)).rejects.toThrow(
    `"${id}", which is not among PREORDER_PAYLOAD_KEYS`,
  );
});

it('refuses what was altered, at every byte, or cut', async () => {
  const [encrypted] = await codecOf(january).encode([plain]);
  const data = Buffer.from(encrypted?.data ?? []);
  const forged = [...data.keys()].map((at) => {
    const copy = Buffer.from(data);
    copy.writeUInt8((copy[at] ?? 0) ^ 1, at);
    return copy;
  });
  for (const bytes of [...forged, data.subarray(0, 20), data.subarray(0, -1), Buffer.alloc(0)]) {
    const payload = { ...encrypted, data: bytes };
    await expect(codecOf(january).decode([payload])).rejects.toThrow('was altered');
  }
});

it.each([
  ['too short a key', `a:${Buffer.alloc(16).toString('base64')}`, 'key "a" has 16 bytes'],
  ['too long a key', `a:${Buffer.alloc(33).toString('base64')}`, 'key "a" has 33 bytes'],
  ['a second key that is wrong', `${january},b:AAAA`, 'key "b" has 3 bytes'],
  ['no base64', 'a:not base64!', 'key "a" is not base64'],
  ['no id', Buffer.alloc(32).toString('base64'), 'key 1 is not id:base64key'],
  ['a comma too many', `${january},`, 'key 2 is not id:base64key'],
  ['the same id twice', `${january},${january}`, 'two keys have the same id'],
])('keys with %s are refused', (_what, text, reason) => {
  expect(() => parsePayloadKeys(text)).toThrow(reason);
});

it('an error does not tell the key', () => {
  const key = Buffer.alloc(31, 7).toString('base64');
  expect(() => parsePayloadKeys(`a:${key}`)).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining(key) as string }),
  );
});
