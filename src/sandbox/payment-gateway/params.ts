import { z } from 'zod';
import { invalid } from './errors.js';

/** Form fields arrive as text. */
const minorUnits = z
  .string()
  .regex(/^\d{1,12}$/)
  .transform(Number);
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const metadata = z.record(z.string(), z.string()).default({});
const time = z.string().regex(/^\d+$/).transform(Number);
/** Accepted as Stripe does, without an effect here. */
const noEffect = z.unknown().optional();

const expand = { expand: z.union([z.array(z.string()), z.record(z.string(), z.string())]).optional() };

const confirmation = {
  payment_method: z.string().min(1).optional(),
  off_session: flag.optional(),
  error_on_requires_action: flag.optional(),
  capture_method: z.enum(['automatic', 'automatic_async']).optional(),
  receipt_email: z.string().optional(),
  payment_method_types: noEffect,
  payment_method_options: noEffect,
  return_url: noEffect,
  setup_future_usage: noEffect,
  shipping: noEffect,
  use_stripe_sdk: noEffect,
  mandate: noEffect,
  radar_options: noEffect,
  ...expand,
};

export const createIntentParams = z.strictObject({
  ...confirmation,
  amount: minorUnits.pipe(z.number().min(1)),
  currency: z
    .string()
    .regex(/^[a-z]{3}$/i)
    .transform((code) => code.toLowerCase()),
  confirm: flag.default(false),
  metadata,
  description: z.string().nullable().default(null),
  automatic_payment_methods: noEffect,
  confirmation_method: z.literal('automatic').optional(),
  statement_descriptor: noEffect,
  statement_descriptor_suffix: noEffect,
  transfer_group: noEffect,
});
export const confirmIntentParams = z.strictObject(confirmation);
export const cancelIntentParams = z.strictObject({ ...expand, cancellation_reason: z.string().optional() });
export const createRefundParams = z.strictObject({
  ...expand,
  payment_intent: z.string().optional(),
  charge: z.string().optional(),
  amount: minorUnits.optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
  metadata,
});
export const retrieveParams = z.strictObject({ ...expand, client_secret: noEffect });

const range = z.strictObject({
  gt: time.optional(),
  gte: time.optional(),
  lt: time.optional(),
  lte: time.optional(),
});
const page = {
  ...expand,
  limit: z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number)
    .pipe(z.number().min(1).max(100))
    .default(10),
  starting_after: z.string().optional(),
  created: z.union([time.transform((at) => ({ gte: at, lte: at })), range]).optional(),
};
export const listIntentsParams = z.strictObject({ ...page, customer: noEffect });
export const listRefundsParams = z.strictObject({
  ...page,
  payment_intent: z.string().optional(),
  charge: z.string().optional(),
});
export const listDisputesParams = listRefundsParams;
export type PageParams = z.output<typeof listIntentsParams>;
export type ConfirmParams = z.output<typeof confirmIntentParams>;
export type CreateIntentParams = z.output<typeof createIntentParams>;

/** Reads a form as Stripe does: what it does not know, it refuses. */
export function parseParams<T extends z.ZodType>(schema: T, form: unknown): z.output<T> {
  const parsed = schema.safeParse(form ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const param = paramName(issue);
  if (issue?.code === 'unrecognized_keys')
    throw invalid(`Received unknown parameter: ${param}`, { code: 'parameter_unknown', param });
  const given = (form as Record<string, unknown> | undefined)?.[String(issue?.path[0])];
  if (issue?.code === 'invalid_type' && given === undefined)
    throw invalid(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
  const code = param === 'amount' ? 'parameter_invalid_integer' : 'parameter_invalid';
  throw invalid(`Invalid ${param}: ${issue?.message ?? 'not understood'}`, { code, param });
}

function paramName(issue: z.core.$ZodIssue | undefined): string {
  const keys = [
    ...(issue?.path ?? []),
    ...(issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []),
  ];
  return keys.map((key, at) => (at === 0 ? String(key) : `[${String(key)}]`)).join('');
}

export const expandPaths = (params: { expand?: string[] | Record<string, string> }): string[] =>
  Object.values(params.expand ?? {});
