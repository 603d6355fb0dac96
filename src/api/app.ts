import cookie from '@fastify/cookie';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import Fastify, { LogController, type FastifyError, type FastifyInstance } from 'fastify';
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { randomUUID } from 'node:crypto';
import { release } from '../release.js';
import { auditRequests } from './audited.js';
import { serveConsole } from './console-pages.js';
import type { ApiDeps } from './deps.js';
import { guardRoutes } from './door.js';
import { secureHeaders } from './headers.js';
import { describeProblems, HttpProblem, refuseMalformed, sendProblem } from './problems.js';
import { bulkRoutes } from './routes/bulk.js';
import { codecPath, codecRoutes, letWebUiAsk } from './routes/codec.js';
import { commandRoutes } from './routes/commands.js';
import { consoleRoutes } from './routes/console.js';
import { correctEmailRoute } from './routes/correct-email.js';
import { customerPages } from './routes/customer-pages.js';
import { developmentRoutes } from './routes/development.js';
import { eventRoutes } from './routes/events.js';
import { healthRoutes } from './routes/health.js';
import { keyRoutes } from './routes/keys.js';
import { measure } from './routes/metrics.js';
import { operationsRoutes } from './routes/operations.js';
import { orderRoutes } from './routes/orders.js';
import { productRoutes } from './routes/products.js';
import { sandboxRoutes } from './routes/sandbox.js';
import { sessionRoutes } from './routes/session.js';
import { signInRoutes } from './routes/sign-in.js';
import { reconciliationRoutes } from './routes/reconciliation.js';
import { webhookRoutes } from './routes/webhooks.js';

export async function createApi(deps: ApiDeps): Promise<FastifyInstance> {
  const { headersMs, requestMs } = deps.timeouts ?? { headersMs: 10_000, requestMs: 30_000 };
  const app = Fastify({
    logger: loggerOf(deps),
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: 64 * 1024,
    ...(deps.trustProxy ? { trustProxy: deps.trustProxy } : {}),
    // Bytes that do not come, or come too slowly, cost a connection for so long and no longer.
    requestTimeout: requestMs,
    http: { headersTimeout: headersMs, connectionsCheckingInterval: Math.min(1_000, headersMs) },
    connectionTimeout: 90_000,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    routerOptions: { maxParamLength: 100 },
    frameworkErrors: (error, request, reply) => void sendProblem(error, request, reply),
    clientErrorHandler: refuseMalformed,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(sendProblem);
  hangUpAtTheEnd(app);
  await secureHeaders(app);
  await app.register(cookie);
  auditRequests(app, deps);
  await letWebUiAsk(app, deps);
  await guardRoutes(app, deps);
  // JSON only: a page of another site can send text without being asked first.
  app.removeContentTypeParser('text/plain');
  acceptEmptyJson(app);
  await describeApi(app);
  measure(app, deps);
  await app.register(
    async (api) => {
      await api.register(productRoutes(deps));
      await api.register(orderRoutes(deps));
      await api.register(commandRoutes(deps));
      await api.register(operationsRoutes(deps));
      await api.register(keyRoutes(deps));
      await api.register(reconciliationRoutes(deps));
      await api.register(sessionRoutes(deps));
      await api.register(consoleRoutes(deps));
      await api.register(correctEmailRoute(deps));
      await api.register(eventRoutes(deps));
      await api.register(bulkRoutes(deps));
      if (!deps.development) return;
      await api.register(developmentRoutes(deps));
      await api.register(sandboxRoutes(deps));
    },
    { prefix: '/api' },
  );
  await app.register(signInRoutes(deps));
  await app.register(customerPages(deps));
  await app.register(codecRoutes(deps), { prefix: codecPath });
  await app.register(healthRoutes(deps), { prefix: '/health' });
  await app.register(webhookRoutes(deps), { prefix: '/webhooks' });
  await serveConsole(app, deps.consoleFolder);
  return app;
}

/** Of an error only what it is and where: a database's error also carries the query's values, names and addresses. */
function loggerOf({ logLevel, logTo }: ApiDeps) {
  return {
    level: logLevel,
    redact: ['req.headers.authorization', 'req.headers.cookie', 'req.headers["idempotency-key"]'],
    serializers: {
      err: ({ name, message, code, stack }: FastifyError) => ({
        type: name,
        message,
        code,
        stack: stack ?? '',
      }),
    },
    ...(logTo ? { stream: logTo } : {}),
  };
}

/** Whoever is being answered while the server stops would else keep its connection, and the server, for a minute. */
function hangUpAtTheEnd(app: FastifyInstance): void {
  let stopping = false;
  app.addHook('preClose', async () => void (stopping = true));
  app.addHook('onSend', async (_request, reply) => void (stopping && reply.header('connection', 'close')));
}

/** A command without a body may still name JSON as its content type: nothing is no error. */
function acceptEmptyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') {
      done(null, undefined);
      return;
    }
    void parse(request, body as string, (error, value) => {
      // The parser's own message quotes the body, which may be somebody's address.
      if (error)
        return done(new HttpProblem(400, 'malformed_json', 'The body is not JSON that is taken here.'));
      done(null, value);
    });
  });
}

async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Pre-orders', version: release, description: 'Errors are RFC 9457 problem+json.' },
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'Machine key or order token' },
        },
      },
      security: [{ key: [] }, {}],
    },
    transform: jsonSchemaTransform,
    transformObject: (document) =>
      'openapiObject' in document ? describeProblems(document.openapiObject) : {},
  });
  await app.register(swaggerUi, { routePrefix: '/docs' });
  app.get('/openapi.json', { config: { action: 'browse' }, schema: { hide: true } }, async () =>
    app.swagger(),
  );
}
