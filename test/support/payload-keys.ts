import { join } from 'node:path';
import { createDataConverter } from '../../src/codec/data-converter.js';
import { parsePayloadKeys } from '../../src/codec/keys.js';
import { createPayloadCodec } from '../../src/codec/payload-codec.js';
import { projectRoot } from '../../src/up/project-root.js';

/** Always the same one: the stored histories are encrypted with it. */
export const testPayloadKeys = `test:${Buffer.alloc(32, 'a key of the tests').toString('base64')}`;

export const failureConverterPath = join(projectRoot(), 'dist/src/codec/failure-converter.js');
export const testCodec = createPayloadCodec(parsePayloadKeys(testPayloadKeys));
export const testDataConverter = createDataConverter(testCodec, failureConverterPath);
