import { z } from 'zod';
import { parsePayloadKeys, type PayloadKeys } from './codec/keys.js';
import { parseDuration } from './domain/deadline.js';
import { policyWith, type Policy } from './domain/policy.js';

/** The environment as one schema. This file is the only reader of process.env. */

const duration = z
  .string()
  .transform((text, context) => {
    const ms = parseDuration(text);
    if (ms === undefined)
      context.addIssue({ code: 'custom', message: `"${text}" is not a duration such as 7d, 36h, 15m` });
    return ms ?? 0;
  })
  .optional();
const payloadKeys = z
  .string()
  .transform((text, context): PayloadKeys => {
    try {
      return parsePayloadKeys(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: String((error as Error).message) });
      return z.NEVER;
    }
  })
  .optional();
const port = z.coerce.number().int().min(0).max(65_535);
const count = z.coerce.number().int().min(1).optional();

/** One secret, or several with commas between while they are rotated: each is accepted, the first one signs. */
const secrets = (usual: string) =>
  z
    .string()
    .default(usual)
    .transform((text) => text.split(',').map((secret) => secret.trim()))
    .refine((list) => list.every((secret) => secret !== ''), 'an empty secret would let anybody in')
    .transform((list) => list as [string, ...string[]]);

const perMinute = (most: number) => z.coerce.number().int().min(1).default(most);

const environment = z.object({
  PREORDER_DATA_DIR: z.string().default('.preorder'),
  PREORDER_HOST: z.string().default('127.0.0.1'),
  PREORDER_PORT: port.default(8080),
  PREORDER_URL: z.url().optional(),
  PREORDER_OPERATOR_KEY: z.string().min(20).optional(),
  PREORDER_SUPERVISOR_KEY: z.string().min(20).optional(),
  PREORDER_TOKEN_SECRET: z.string().min(20).optional(),
  PREORDER_TRUST_PROXY: z.string().optional(),
  PREORDER_RATE_LIMITS: z.stringbool().default(true),
  PREORDER_LIMIT_MACHINE_KEY: perMinute(12_000),
  PREORDER_LIMIT_CALLER: perMinute(300),
  PREORDER_LIMIT_PLACING: perMinute(30),
  PREORDER_LIMIT_BAD_KEYS: perMinute(20),
  PREORDER_LIMIT_MACHINES: perMinute(6_000),
  PREORDER_PAYLOAD_KEYS: payloadKeys,
  PREORDER_DEVELOPMENT: z.stringbool().default(false),
  PREORDER_WORKER_IN_API: z.stringbool().default(true),
  PREORDER_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  PREORDER_BUILD_ID: z.string().optional(),
  PREORDER_CRASH_AT: z.string().optional(),
  DATABASE_URL: z.string().optional(),
  TEMPORAL_ADDRESS: z.string().optional(),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  PREORDER_TASK_QUEUE: z.string().default('preorder'),
  PREORDER_TIME_SKIPPING: z.stringbool().default(false),
  PREORDER_TEMPORAL_UI: z.string().optional(),
  STRIPE_SECRET_KEY: z.string().optional(),
  STRIPE_WEBHOOK_SECRET: secrets('whsec_sandbox'),
  PAYMENT_GATEWAY_URL: z.url().optional(),
  DELIVERY_PARTNER_URL: z.url().default('http://127.0.0.1:8090'),
  DELIVERY_PARTNER_API_KEY: z.string().default('sandbox'),
  DELIVERY_WEBHOOK_SECRET: secrets('sandbox-delivery-webhooks'),
  SMTP_URL: z.string().default('smtp://127.0.0.1:8025'),
  MAIL_FROM: z.string().default('Pre-orders <orders@shop.example>'),
  XDG_CACHE_HOME: z.string().optional(),
  PREORDER_GRACE: duration,
  PREORDER_PICKUP_REMINDER: duration,
  PREORDER_REMINDER_CAP: duration,
  PREORDER_REMINDERS_BEFORE_ATTENTION: count,
  PREORDER_PARTNER_SILENCE: duration,
  PREORDER_TRANSIT_SILENCE: duration,
  PREORDER_UNDO_ALARM: duration,
  PREORDER_REFUND_WATCH: duration,
  PREORDER_REFUND_PENDING_ALARM: duration,
  PREORDER_MAX_QUANTITY: count,
  PREORDER_APPROVAL_LIMIT: z.coerce.number().int().min(0).default(50_000),
  PREORDER_RECONCILE_EVERY: duration,
  /** How long a caller waits for a workflow's answer before it is told `not confirmed`. */
  PREORDER_ANSWER_WITHIN: duration
    .transform((ms) => ms ?? 8_000)
    .refine((ms) => ms >= 1_000, 'at least 1s: sooner hardly anything can be answered'),
  PREORDER_START_FULFILLMENT: z.enum(['manual', 'at_release']).optional(),
});

export type Config = z.infer<typeof environment> & { policy: Policy };

/** Throws one error that names every variable that is wrong, and how. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = environment.safeParse(given);
  if (!result.success) {
    const lines = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The configuration is not usable:\n${lines.join('\n')}\nSee .env.example.`);
  }
  if (twice(result.data))
    throw new Error(
      'PREORDER_OPERATOR_KEY and PREORDER_SUPERVISOR_KEY must differ: they stand for two persons.',
    );
  return { ...result.data, policy: policyFrom(result.data) };
}

const twice = (e: z.infer<typeof environment>): boolean =>
  e.PREORDER_OPERATOR_KEY !== undefined && e.PREORDER_OPERATOR_KEY === e.PREORDER_SUPERVISOR_KEY;

function policyFrom(e: z.infer<typeof environment>): Policy {
  const overrides = {
    graceMs: e.PREORDER_GRACE,
    pickupReminderMs: e.PREORDER_PICKUP_REMINDER,
    reminderCapMs: e.PREORDER_REMINDER_CAP,
    remindersBeforeAttention: e.PREORDER_REMINDERS_BEFORE_ATTENTION,
    partnerSilenceMs: e.PREORDER_PARTNER_SILENCE,
    transitSilenceMs: e.PREORDER_TRANSIT_SILENCE,
    undoAlarmMs: e.PREORDER_UNDO_ALARM,
    refundWatchMs: e.PREORDER_REFUND_WATCH,
    refundPendingAlarmMs: e.PREORDER_REFUND_PENDING_ALARM,
    maxQuantity: e.PREORDER_MAX_QUANTITY,
    startFulfillment: e.PREORDER_START_FULFILLMENT,
  };
  return policyWith(Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined)));
}

/** The whole environment of a child process: ours, plus what is set for it. */
export function childEnvironment(extra: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, ...extra };
}
