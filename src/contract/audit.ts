import { z } from 'zod';
import { instant } from './api.js';

export const auditSchema = z.object({
  orderId: z.string(),
  entries: z.array(
    z.object({
      at: instant,
      caller: z.string().describe('anonymous, customer, operator, supervisor or partner'),
      keyId: z.string().nullable(),
      keyName: z.string().nullable(),
      action: z.string(),
      outcome: z.string().describe('done, an answer such as accepted, refused, or failed'),
      code: z.string().nullable().describe('Why it was refused'),
      requestId: z.string(),
      times: z.int().describe('More than 1: so many refusals that were counted, not listed'),
    }),
  ),
});
export type Audit = z.infer<typeof auditSchema>;
