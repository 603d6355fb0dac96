import type { DataConverter } from '@temporalio/common';
import type { PayloadKeys } from './keys.js';
import { createPayloadCodec } from './payload-codec.js';

/**
 * What every client, worker and replay is given. `failureConverterPath` is the built failure-converter.js: the SDK loads
 * it with `require`, and the workflow bundle contains it too.
 */
export function createDataConverter(keys: PayloadKeys, failureConverterPath: string): DataConverter {
  return { payloadCodecs: [createPayloadCodec(keys)], failureConverterPath };
}
