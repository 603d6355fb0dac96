import type { FastifyInstance } from 'fastify';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createApi } from '../api/app.js';
import type { ApiDeps } from '../api/deps.js';
import { watchOrderChanges } from '../api/order-changes.js';
import type { Config } from '../config.js';
import { addressOf } from './order-links.js';
import { projectRoot } from './project-root.js';

type Shared = Pick<
  ApiDeps,
  'database' | 'orders' | 'commands' | 'temporal' | 'codec' | 'reconciler' | 'keys' | 'crash' | 'now'
>;

/** The API, listening, as the configuration wants it. */
export async function openApi(config: Config, shared: Shared): Promise<FastifyInstance> {
  const changes = await watchOrderChanges(shared.database);
  const development = config.PREORDER_DEVELOPMENT;
  const app = await createApi({
    ...shared,
    changes,
    policy: config.policy,
    approvalLimitMinor: config.PREORDER_APPROVAL_LIMIT,
    webhookSecrets: { payment: config.STRIPE_WEBHOOK_SECRET, delivery: config.DELIVERY_WEBHOOK_SECRET },
    development,
    timeSkipping: config.PREORDER_TIME_SKIPPING,
    publicUrl: config.PREORDER_URL,
    temporalUiUrl: config.PREORDER_TEMPORAL_UI,
    consoleFolder: join(projectRoot(), 'dist/console'),
    sandboxUrl: development ? config.DELIVERY_PARTNER_URL : undefined,
    crash: development ? shared.crash : undefined,
    contact: addressOf(config.MAIL_FROM),
    random: (bytes) => randomBytes(bytes),
    trustProxy: config.PREORDER_TRUST_PROXY,
    rateLimits: config.PREORDER_RATE_LIMITS
      ? {
          machineKey: config.PREORDER_LIMIT_MACHINE_KEY,
          caller: config.PREORDER_LIMIT_CALLER,
          placing: config.PREORDER_LIMIT_PLACING,
          badKeys: config.PREORDER_LIMIT_BAD_KEYS,
          machines: config.PREORDER_LIMIT_MACHINES,
        }
      : undefined,
    placeWithinMs: config.PREORDER_ANSWER_WITHIN,
    reconcileWithinMs: 20_000,
    logLevel: config.PREORDER_LOG_LEVEL,
  });
  app.addHook('onClose', () => changes.close());
  await app.listen({ host: config.PREORDER_HOST, port: config.PREORDER_PORT });
  return app;
}
