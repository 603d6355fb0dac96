import { z } from 'zod';
import { instant } from './api.js';
import { line } from './line.js';
import { faultKinds, operations } from './faults.js';

/** Development only: what the partners' sandbox offers, through our API. 503 `no_sandbox` when it does not answer. */

export const mailSchema = z.object({
  id: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  text: z.string(),
  html: z.string().nullable(),
  orderId: z.string().nullable(),
  receivedAt: instant,
});
export type Mail = z.infer<typeof mailSchema>;
/** GET /api/development/mail?orderId=&to= : newest first. GET /api/development/mail/:id : one (mailSchema). */
export const mailListSchema = z.object({ mails: z.array(mailSchema.omit({ html: true, text: true })) });
export type MailList = z.infer<typeof mailListSchema>;
/** GET /api/development/mail/:id/html : the mail as a page that may run nothing, for a frame of our own pages. */

type Target = keyof typeof operations;
const targets = Object.keys(operations) as [Target, ...Target[]];

/** POST /api/development/faults. GET answers a list, DELETE …/:id ends one, DELETE ends all and all modes (204). */
export const newFaultSchema = z.strictObject({
  target: z.enum(targets),
  kind: z.enum(faultKinds).describe('drop_reply does the work and loses the answer'),
  operation: line(60).optional().describe('Only this call, e.g. create_refund'),
  times: z.int().min(1).max(1_000_000).optional().describe('So often; without: until it is ended'),
  match: line(60).optional().describe('Only what mentions this, e.g. an order id'),
  delayMs: z.int().min(0).max(600_000).optional().describe('For delay'),
  retryAfterSeconds: z.int().min(0).max(3600).optional().describe('For rate_limit'),
});
export type NewFault = z.infer<typeof newFaultSchema>;
export const faultSchema = newFaultSchema.extend({ id: z.string(), hits: z.int() });
export type Fault = z.infer<typeof faultSchema>;
export const faultListSchema = z.object({ faults: z.array(faultSchema) });
export type FaultList = z.infer<typeof faultListSchema>;
