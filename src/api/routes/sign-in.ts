import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { signInLinkSchema } from '../../contract/api.js';
import { signInWishSchema } from '../../contract/session.js';
import { addSignInLink, takeSignInLink } from '../../db/sessions.js';
import { SignInProblem } from '../../web/operator/sign-in-problem.js';
import { createAssets } from '../assets.js';
import { actorOf } from '../auth.js';
import type { ApiDeps } from '../deps.js';
import { HttpProblem, problemOf, sendProblem } from '../problems.js';
import { sendPage } from '../send-page.js';
import { linkStands, openSession, sha256, signingKey } from '../session.js';

const VALID_MS = 15 * 60_000;

const used = [
  'This link does not sign anybody in',
  'It was used before, or is too old: each link works once, for 15 minutes.',
] as const;
const failed = [
  'Signing in did not work just now',
  'Nothing is lost. Open the link once more in a moment.',
] as const;

/** Whoever has a key gets links, each of which signs one browser in with that key, once, at any process of the API. */
export function signInRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  const { db } = deps.database;

  /** The key that signs in, and where to; undefined when the link was used, is too old, or its key has ended. */
  async function redeem(code: string) {
    const link = await takeSignInLink(db, sha256(code), deps.now());
    if (!link) return undefined;
    const key = { id: link.key_id, seal: link.key_seal };
    return (await linkStands(deps, key)) ? { key, leadsTo: link.leads_to } : undefined;
  }

  const { url: asset } = createAssets('/shop/assets');
  /** A person has opened the link in a browser; whoever else asks is told as everywhere. */
  function sendFailure(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    if (!(request.headers.accept ?? '').includes('text/html')) return sendProblem(error, request, reply);
    const { status, code } = problemOf(error, request);
    const [title, text] = code === 'link_used' || status === 400 ? used : failed;
    return sendPage(reply.status(status), SignInProblem({ asset, title, text, requestId: request.id }));
  }

  return async (app) => {
    app.post(
      '/api/sign-in-links',
      {
        config: { action: 'sign-in-link' },
        schema: {
          summary: "A link that signs an operator's browser in, once",
          tags: ['session'],
          body: signInWishSchema.nullish(),
          response: { 201: signInLinkSchema },
        },
      },
      async (request, reply) => {
        const code = Buffer.from(deps.random(24)).toString('base64url');
        const now = deps.now();
        const expiresAt = now + VALID_MS;
        const key = signingKey(deps.keys, actorOf(request.subject).id);
        const leadsTo = request.body?.to ?? 'temporal';
        await addSignInLink(db, { codeHash: sha256(code), key, leadsTo, now, expiresAt });
        const base = deps.publicUrl ?? `${request.protocol}://${request.host}`;
        const url = `${base}/sign-in?code=${code}`;
        return reply.status(201).send({ url, expiresAt: new Date(expiresAt).toISOString() });
      },
    );

    app.get(
      '/sign-in',
      {
        config: { action: 'browse' },
        errorHandler: (error, request, reply) => void sendFailure(error, request, reply),
        schema: { hide: true, querystring: z.object({ code: z.string().max(100).default('') }) },
      },
      async (request, reply) => {
        const redeemed = await redeem(request.query.code);
        if (!redeemed) {
          throw new HttpProblem(
            401,
            'link_used',
            'This link was used before, or is too old: `npx preorder sign-in` gives another.',
          );
        }
        const { name, value, ...options } = await openSession(deps, redeemed.key);
        const target = redeemed.leadsTo === 'console' ? '/' : (deps.temporalUiUrl ?? '/');
        return reply.setCookie(name, value, options).redirect(target);
      },
    );
  };
}
