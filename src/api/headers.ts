import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

const policy = {
  'default-src': "'self'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'object-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'self'",
  'frame-ancestors': "'none'",
};
const written = (directives: Record<string, string>): string =>
  Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources}`)
    .join(';');
/** Nothing inline, nothing from elsewhere; the pages of the documentation bring styles of their own. */
const strict = written(policy);
const forDocs = written({ ...policy, 'style-src': "'self' 'unsafe-inline'" });

/** What every reply says to browsers. A route may set its own policy, or let its reply be kept. */
export async function secureHeaders(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: false,
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  });
  app.addHook('onSend', async (request, reply) => {
    void reply.header('x-request-id', request.id);
    if (!String(reply.getHeader('cache-control')).includes('immutable'))
      void reply.header('cache-control', 'no-store');
    if (!reply.hasHeader('content-security-policy'))
      void reply.header('content-security-policy', request.url.startsWith('/docs') ? forDocs : strict);
  });
}
