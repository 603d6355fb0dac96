import type { DataConverter, PayloadCodec } from '@temporalio/common';
import { join } from 'node:path';
import { createDataConverter } from '../codec/data-converter.js';
import { createPayloadCodec } from '../codec/payload-codec.js';
import type { Config } from '../config.js';
import { projectRoot } from './project-root.js';

/** Throws when no key is set: nothing leaves for Temporal in clear because a setting was forgotten. */
export function encryptionOf({ PREORDER_PAYLOAD_KEYS: keys }: Config): {
  codec: PayloadCodec;
  dataConverter: DataConverter;
} {
  if (!keys) {
    throw new Error(
      'PREORDER_PAYLOAD_KEYS is not set: the keys that encrypt what Temporal keeps. See .env.example.',
    );
  }
  const codec = createPayloadCodec(keys);
  const failureConverter = join(projectRoot(), 'dist/src/codec/failure-converter.js');
  return { codec, dataConverter: createDataConverter(codec, failureConverter) };
}
