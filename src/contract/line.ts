import { z } from 'zod';

/** One line that a person has written; `max`: characters. */
export const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    // Control characters would break mails and logs; lone surrogates cannot be stored.
    .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), 'must be plain text without control characters');
