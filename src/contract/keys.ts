import { z } from 'zod';
import { duration, instant } from './api.js';
import { line } from './line.js';

export const newKeySchema = z.strictObject({
  name: line(60).describe('Whose key it is, so that two persons can be told apart'),
  role: z.enum(['operator', 'supervisor']),
  expires: duration.optional().describe('A duration from now; without it the key does not expire'),
});

export const keyViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(['operator', 'supervisor']),
  createdBy: z.string(),
  createdAt: instant,
  expiresAt: instant.nullable(),
  revokedAt: instant.nullable(),
});
export type KeyView = z.infer<typeof keyViewSchema>;
export const keyListSchema = z.object({ keys: z.array(keyViewSchema) });
export type KeyList = z.infer<typeof keyListSchema>;

export const madeKeySchema = keyViewSchema
  .pick({ id: true, name: true, role: true, expiresAt: true })
  .extend({
    key: z.string().describe('The key itself: kept nowhere, shown this once'),
  });
export type MadeKey = z.infer<typeof madeKeySchema>;
