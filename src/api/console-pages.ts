import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { notFound, sendProblem } from './problems.js';

const YEAR_S = 365 * 24 * 3600;
/** Not the console's: there a page that does not exist is missing. */
const others =
  /^\/(api|console\/assets|codec|docs|health|metrics|openapi\.json|order|shop|sign-in|webhooks)(\/|$)/;

/**
 * The console is one page that reads its address itself: any GET that accepts HTML and belongs to nobody else gets it.
 * Its other files carry a hash in their names, so a browser may keep them.
 */
export async function serveConsole(app: FastifyInstance, folder: string | undefined): Promise<void> {
  const page = folder && join(folder, 'index.html');
  if (!folder || !page || !existsSync(page)) {
    app.get('/', browse, async (_request, reply) => reply.redirect('/docs'));
    app.setNotFoundHandler(missing);
    return;
  }
  await app.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/console/assets/',
    decorateReply: false,
    index: false,
    immutable: true,
    maxAge: YEAR_S * 1000,
  });
  const send = async (reply: FastifyReply): Promise<FastifyReply> =>
    reply.type('text/html; charset=utf-8').send(await readFile(page));
  app.get('/', browse, async (_request, reply) => send(reply));
  app.setNotFoundHandler(async (request, reply) =>
    isForConsole(request) ? send(reply.status(200)) : missing(request, reply),
  );
}

const browse = { config: { action: 'browse' as const }, schema: { hide: true } };

const pathOf = (request: FastifyRequest): string => request.url.split('?')[0] ?? '';

const missing = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  sendProblem(notFound(`${request.method} ${pathOf(request)}`), request, reply);

function isForConsole(request: FastifyRequest): boolean {
  const { method, headers } = request;
  const reads = method === 'GET' || method === 'HEAD';
  return reads && (headers.accept ?? '').includes('text/html') && !others.test(pathOf(request));
}
