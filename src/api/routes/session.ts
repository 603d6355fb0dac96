import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { sessionSchema, signInSchema, type Session } from '../../contract/session.js';
import { keyById } from '../../db/machine-keys.js';
import type { Subject } from '../access.js';
import { machineOf } from '../auth.js';
import type { ApiDeps } from '../deps.js';
import { HttpProblem } from '../problems.js';
import { closeSession, emptyCookie, isOwnOrigin, openSession, signingKey } from '../session.js';

const isoUnlessNever = (ms: number): string | null => (ms === Infinity ? null : new Date(ms).toISOString());

/** Who the browser is: signed in with a key, which it does not keep, until it signs out. */
export function sessionRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  async function view(subject: Subject): Promise<Session> {
    if (subject.kind !== 'operator' && subject.kind !== 'supervisor') throw new Error('nobody is signed in');
    const key = await keyById(deps.database.db, subject.id);
    return {
      caller: subject.kind,
      keyId: subject.id,
      keyName: key?.name ?? null,
      by: subject.until === undefined ? 'key' : 'cookie',
      expiresAt: isoUnlessNever(Math.min(subject.until ?? Infinity, key?.expires_at ?? Infinity)),
      development: deps.development,
      timeSkipping: deps.timeSkipping,
      temporalUiUrl: deps.temporalUiUrl ?? null,
      temporalNamespace: deps.temporal.options.namespace,
      approvalLimit: deps.approvalLimitMinor,
      now: new Date(deps.now()).toISOString(),
    };
  }

  return async (app) => {
    app.get(
      '/session',
      {
        config: { action: 'whoami' },
        schema: { summary: 'Who is signed in here', tags: ['session'], response: { 200: sessionSchema } },
      },
      async (request) => view(request.subject),
    );

    app.post(
      '/session',
      {
        config: { action: 'sign-in' },
        schema: {
          summary: 'Sign this browser in with the key of an operator or a supervisor',
          tags: ['session'],
          body: signInSchema,
          response: { 200: sessionSchema },
        },
      },
      async (request, reply) => {
        // Another site must not sign somebody in as somebody else.
        if (request.headers.origin !== undefined && !isOwnOrigin(deps.keys, request))
          throw new HttpProblem(403, 'foreign_origin', 'Only pages of this API sign browsers in.');
        const subject = await signedBy(request.body.key).catch(async (error: unknown) => {
          await app.countBadKey(request, reply);
          throw error;
        });
        request.subject = subject;
        const { name, value, ...options } = await openSession(deps, signingKey(deps.keys, subject.id));
        const until = deps.now() + options.maxAge * 1000;
        return reply.setCookie(name, value, options).send(await view({ ...subject, until }));
      },
    );

    app.delete(
      '/session',
      {
        config: { action: 'sign-out' },
        schema: {
          summary: 'Sign this browser out',
          tags: ['session'],
          response: { 204: z.null().describe('Nobody is signed in here any more') },
        },
      },
      async (request, reply) => {
        // By the cookie and not by a key; a foreign page does not get so far as to be somebody.
        if ('until' in request.subject) await closeSession(deps, request);
        const { name, ...options } = emptyCookie(deps.keys);
        return reply.clearCookie(name, options).status(204).send(null);
      },
    );
  };

  async function signedBy(key: string) {
    const subject = await machineOf(deps, key);
    if (!subject) throw new HttpProblem(401, 'unknown_key', 'This key is not known here.');
    return subject;
  }
}
