import type { DataConverter, PayloadCodec } from '@temporalio/common';

/**
 * What every client, worker and replay is given. `failureConverterPath` is the built failure-converter.js: the SDK loads
 * it with `require`, and the workflow bundle contains it too.
 */
export function createDataConverter(codec: PayloadCodec, failureConverterPath: string): DataConverter {
  return { payloadCodecs: [codec], failureConverterPath };
}
