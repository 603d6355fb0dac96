import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { PayloadKeys } from './keys.js';

/**
 * The wire form of an encrypted payload, which histories keep for years: metadata `encoding` and `encryption-key-id`;
 * data is 12 bytes of nonce, 16 bytes of tag, then the ciphertext of the whole payload as protobuf.
 */
export const encryptedEncoding = 'binary/encrypted';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const options = { authTagLength: TAG_BYTES };
const { Payload: wire } = proto.temporal.api.common.v1;

/** What cannot be decrypted here; the message says what to do. */
export class UnreadablePayload extends Error {
  override readonly name = 'UnreadablePayload';
}

/** AES-256-GCM. A payload that is not encrypted decodes as it is: orders from before go on. */
export function createPayloadCodec({ current, byId }: PayloadKeys): PayloadCodec {
  const metadata = {
    encoding: Buffer.from(encryptedEncoding),
    'encryption-key-id': Buffer.from(current.id),
  };

  function encrypt(payload: Payload): Payload {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', current.key, nonce, options);
    const body = Buffer.concat([cipher.update(wire.encode(payload).finish()), cipher.final()]);
    return { metadata, data: Buffer.concat([nonce, cipher.getAuthTag(), body]) };
  }

  function decrypt(payload: Payload): Payload {
    if (textOf(payload, 'encoding') !== encryptedEncoding) return payload;
    const id = textOf(payload, 'encryption-key-id');
    const key = byId.get(id);
    if (!key) {
      throw new UnreadablePayload(
        `A payload was encrypted with the key "${id}", which is not among PREORDER_PAYLOAD_KEYS ` +
          `(${[...byId.keys()].join(', ')}): add it at the end of the list and start again.`,
      );
    }
    const data = payload.data ?? new Uint8Array();
    const nonce = data.subarray(0, NONCE_BYTES);
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, options);
      decipher.setAuthTag(data.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const body = data.subarray(NONCE_BYTES + TAG_BYTES);
      return wire.decode(Buffer.concat([decipher.update(body), decipher.final()]));
    } catch (cause) {
      throw new UnreadablePayload(
        `A payload does not fit the key "${id}": it was altered, or another key has that id.`,
        { cause },
      );
    }
  }

  return {
    encode: async (payloads) => payloads.map(encrypt),
    decode: async (payloads) => payloads.map(decrypt),
  };
}

function textOf(payload: Payload, name: string): string {
  return Buffer.from(payload.metadata?.[name] ?? []).toString();
}
