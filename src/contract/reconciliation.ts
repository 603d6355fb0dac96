import { z } from 'zod';
import { line } from './line.js';
import { findingKinds, reconciliationParts, type FindingKind } from '../domain/reconciliation.js';

/** What the reconciler says; instants are ISO 8601 in UTC. */

const instant = z.iso.datetime().describe('ISO 8601, UTC');

export const findingSchema = z.object({
  kind: z.enum(Object.keys(findingKinds) as [FindingKind, ...FindingKind[]]),
  text: z.string(),
  subject: z
    .string()
    .describe("What does not fit: an order, a charge at the gateway, a SKU, a workflow's id"),
  orderId: z.string().nullable(),
  detail: z.string(),
  firstSeen: instant,
  lastSeen: instant,
  dueAt: instant.describe('When a person should have looked at it'),
  acknowledgedBy: z.string().nullable(),
});
export type FindingText = z.infer<typeof findingSchema>;

export const acknowledgeSchema = z.strictObject({
  subject: line(200).describe('Of a finding that is of no order'),
});

export const reconciliationSchema = z.object({
  run: z
    .object({
      outcome: z.enum(['running', 'complete', 'incomplete']),
      startedAt: instant,
      finishedAt: instant.nullable(),
      failed: z
        .array(z.enum(reconciliationParts))
        .describe('What could not be looked at; then nothing is taken for mended'),
      looked: z
        .partialRecord(z.enum(reconciliationParts), z.int())
        .describe('How many orders, charges, refunds each part has looked at'),
    })
    .nullable()
    .describe('The last run; null before the first'),
  findings: z.array(findingSchema),
});
export type Reconciliation = z.infer<typeof reconciliationSchema>;
