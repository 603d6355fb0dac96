import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { orderRow } from '../db/orders.js';
import { isOrderId } from '../domain/identity.js';
import { authorize, type Action, type Subject } from './access.js';
import { customer, identify, identifyOnPage } from './auth.js';
import type { ApiDeps } from './deps.js';
import { HttpProblem } from './problems.js';
import { createLimiter } from './rate-limits.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A line of the table in access.ts. */
    action?: Action;
    /** For customers, who are known by the cookie of their order; what is refused is answered by a page, too. */
    page?: boolean;
  }
  interface FastifyRequest {
    /** Who asks; set before the route sees the request. */
    subject: Subject;
  }
  interface FastifyInstance {
    /** Counts a key that opens nothing; throws 429 after too many from one address. */
    countBadKey: (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
    /** For a token that comes in a body: the same rule and limits as at the door. Throws 404 when it opens nothing. */
    showToken(request: FastifyRequest, reply: FastifyReply, token: string): Promise<void>;
  }
}

/** Every route passes here before its body is read. A route that names no action of the table does not start. */
export async function guardRoutes(app: FastifyInstance, deps: ApiDeps): Promise<void> {
  const limiter = await createLimiter(app, deps.rateLimits);
  const uiOrigin = uiOriginOf(deps);
  app.decorateRequest('subject', null as never);
  app.decorate('countBadKey', (request, reply) => limiter.badKey(request, reply));

  app.addHook('onRoute', (route) => {
    // Pages of the documentation, the console's files, and what a browser asks before it sends: nothing of ours is shown.
    if (/^\/(docs|console\/assets)/.test(route.url) || route.method === 'OPTIONS')
      route.config = { ...route.config, action: 'browse' };
    if (!route.config?.action)
      throw new Error(`${String(route.method)} ${route.url} names no action of src/api/access.ts`);
  });

  async function admit(
    request: FastifyRequest,
    reply: FastifyReply,
    action: Action,
    who: () => Promise<Subject>,
  ): Promise<void> {
    try {
      request.subject = await who();
      await limiter.known(request, reply, action);
      const order = request.subject.kind === 'customer' ? await orderAsked(deps, request) : undefined;
      authorize(request.subject, action, order);
    } catch (error) {
      // A token is only known to be one by the order it opens.
      if (error instanceof HttpProblem && ['unknown_key', 'key_ended', 'not_found'].includes(error.code))
        await limiter.badKey(request, reply);
      throw error;
    }
  }

  app.addHook('onRequest', async (request, reply) => {
    request.subject = { kind: 'anonymous' };
    const { action, page } = request.routeOptions.config;
    await limiter.atTheGate(request, reply, action);
    if (!action || isOpen(action)) return;
    await admit(request, reply, action, () =>
      page
        ? identifyOnPage(deps, request)
        : identify(deps, request, action === 'decode' ? uiOrigin : undefined),
    );
  });
  app.decorate('showToken', (request: FastifyRequest, reply: FastifyReply, token: string) =>
    admit(request, reply, 'read', async () => customer(token) ?? { kind: 'customer', tokenHash: '' }),
  );
}

/** The one other origin whose pages may use an operator's cookie, and only to decode. */
export const uiOriginOf = ({ temporalUiUrl }: ApiDeps): string | undefined =>
  temporalUiUrl === undefined ? undefined : new URL(temporalUiUrl).origin;

/** A partner is known by the signature over its body, which webhooks.ts checks; who only looks needs no name. */
const isOpen = (action: Action): boolean =>
  action === 'webhook' || action === 'browse' || action === 'health';

/** Only by its whole id: beginnings of ids are for operators. */
async function orderAsked({ database }: ApiDeps, request: FastifyRequest) {
  const { id } = request.params as { id?: string };
  return id !== undefined && isOrderId(id) ? orderRow(database.db, id) : undefined;
}
