import { z } from 'zod';

/** Temporal's remote codec protocol: payloads as JSON, their bytes in base64. */
const payloadSchema = z.object({
  metadata: z.record(z.string(), z.base64()).default({}),
  data: z.base64().default(''),
});
export type PayloadJson = z.output<typeof payloadSchema>;

export const codecSchema = z.object({ payloads: z.array(payloadSchema).max(10_000) });
