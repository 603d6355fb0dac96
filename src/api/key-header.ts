import { z } from 'zod';

/** `Idempotency-Key`, where a request may do without one. */
export const keyHeader = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{8,128}$/)
    .optional(),
});
