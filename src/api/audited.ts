import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AuditEntry } from '../db/audit.js';
import { isOrderId } from '../domain/identity.js';
import { createAuditTrail } from './audit-trail.js';
import { actorOf } from './auth.js';
import type { ApiDeps } from './deps.js';

/** One of the many commands that a request stands for. */
interface Single {
  action: string;
  orderId: string;
  outcome: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What the audit will say of this request, as far as it is known. */
    trail: { orderId?: string; outcome?: string; code?: string; each?: Single[] };
  }
}

/**
 * Every command and every refusal leaves an entry, written when its outcome is known and before it is told. The command
 * itself is older: its own row (order, command, proposal, key) stands before, so a crash between the two leaves that
 * row's `who`, and a repeat under the same key the entry.
 */
export function auditRequests(app: FastifyInstance, deps: ApiDeps): void {
  const trail = createAuditTrail({
    db: deps.database.db,
    now: deps.now,
    onError: (error, entries) => app.log.error({ err: error, entries }, 'audit not written, trying again'),
    ...deps.auditing,
  });
  app.decorateRequest('trail', null as never);
  app.addHook('onRequest', async (request) => {
    request.trail = {};
  });
  app.addHook('onSend', async (request, reply) => {
    const entry = entryOf(request, reply, deps.now());
    if (!entry) return;
    const singles = (request.trail.each ?? []).map((single) => ({ ...entry, ...single }));
    await Promise.all([entry, ...singles].map((each) => trail.record(each)));
  });
  app.addHook('onClose', () => trail.close());
}

function entryOf(request: FastifyRequest, reply: FastifyReply, at: number): AuditEntry | undefined {
  const { action } = request.routeOptions.config;
  if (!action || !isAudited(request, reply)) return undefined;
  const { orderId, outcome, code } = request.trail;
  const { kind } = request.subject;
  const asked = (request.params as { id?: string }).id ?? '';
  return {
    at,
    caller: kind,
    keyId: kind === 'anonymous' ? null : actorOf(request.subject).id,
    action,
    orderId: orderId ?? (isOrderId(asked) ? asked : null),
    outcome: reply.statusCode < 400 ? (outcome ?? 'done') : reply.statusCode < 500 ? 'refused' : 'failed',
    code: code ?? null,
    requestId: request.id,
    times: 1,
  };
}

/** Whatever changes something, or may have; and who was not let in, wherever. Mistakes in writing are nobody's business. */
function isAudited({ method, subject, routeOptions }: FastifyRequest, { statusCode }: FastifyReply): boolean {
  if (routeOptions.config.action === 'webhook') return statusCode === 400;
  // A page that asks for the code has refused nobody: every link from a mail begins with it.
  if (routeOptions.config.page && statusCode === 401) return false;
  const changes = method !== 'GET' && method !== 'HEAD';
  if (statusCode < 400 || statusCode >= 500) return changes;
  if (statusCode === 404) return subject.kind === 'customer';
  return [401, 403, 409, 422].includes(statusCode) || (changes && statusCode === 402);
}
