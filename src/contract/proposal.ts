import { z } from 'zod';
import { instant } from './instant.js';

export const personSchema = z.object({
  kind: z.enum(['customer', 'operator', 'supervisor', 'partner', 'system']),
  id: z.string().describe('Of the key; `token:…` of a customer'),
  name: z.string().nullable().describe('Of the key; null for the first keys, customers and the system'),
});
export type Person = z.infer<typeof personSchema>;

/** A decision that one person has proposed and a second one has to approve. */
export const proposalSchema = z.object({
  id: z.string(),
  action: z.string(),
  reference: z.string().nullable(),
  proposedBy: personSchema,
  proposedAt: instant,
});
export type Proposed = z.infer<typeof proposalSchema>;
