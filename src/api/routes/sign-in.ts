import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { signInLinkSchema } from '../../contract/api.js';
import type { ApiDeps } from '../deps.js';
import { HttpProblem } from '../problems.js';
import { sessionCookie, sha256 } from '../session.js';

const VALID_MS = 15 * 60_000;

/** Whoever has the operator key gets links, each of which signs one browser in, once. This process knows its own links. */
export function signInRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  const open = new Map<string, number>();

  function issue(): { code: string; until: number } {
    const now = deps.now();
    for (const [hash, until] of open) if (until <= now) open.delete(hash);
    const code = Buffer.from(deps.random(24)).toString('base64url');
    open.set(sha256(code), now + VALID_MS);
    return { code, until: now + VALID_MS };
  }

  function redeem(code: string): boolean {
    const until = open.get(sha256(code)) ?? 0;
    open.delete(sha256(code));
    return until > deps.now();
  }

  return async (app) => {
    app.post(
      '/api/sign-in-links',
      {
        config: { action: 'sign-in-link' },
        schema: {
          summary: "A link that signs an operator's browser in, once",
          tags: ['operations'],
          response: { 201: signInLinkSchema },
        },
      },
      async (request, reply) => {
        const { code, until } = issue();
        const base = deps.publicUrl ?? `${request.protocol}://${request.host}`;
        const url = `${base}/sign-in?code=${code}`;
        return reply.status(201).send({ url, expiresAt: new Date(until).toISOString() });
      },
    );

    app.get(
      '/sign-in',
      {
        config: { action: 'browse' },
        schema: { hide: true, querystring: z.object({ code: z.string().max(100).default('') }) },
      },
      async (request, reply) => {
        if (!redeem(request.query.code)) {
          throw new HttpProblem(
            401,
            'link_used',
            'This link was used before, or is too old: `npx preorder sign-in` gives another.',
          );
        }
        const { name, value, options } = sessionCookie(deps.keys);
        return reply.setCookie(name, value, options).redirect(deps.temporalUiUrl ?? '/docs');
      },
    );
  };
}
