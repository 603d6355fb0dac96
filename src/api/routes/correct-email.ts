import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { correctEmailSchema, emailCorrectedSchema } from '../../contract/console.js';
import { correctEmail } from '../../db/correct-email.js';
import { actorOf, orderToken } from '../auth.js';
import type { ApiDeps } from '../deps.js';
import { findOrder, orderParams } from '../find-order.js';
import { keyHeader } from '../key-header.js';
import { HttpProblem } from '../problems.js';
import { sha256 } from '../session.js';

/** For a customer who mistyped it, and gets none of the mails. */
export function correctEmailRoute(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/orders/:id/correct-email',
      {
        config: { action: 'correct-email' },
        schema: {
          summary: 'Correct the e-mail address of an order: its mails go there from now on, the link at once',
          description:
            'In every status. Mails that wait are sent to the new address, too; nothing is sent to the old one. The order gets a new token: every link to it, and every page of it that is open, the customer’s own included, needs the new one.',
          tags: ['orders'],
          params: orderParams,
          headers: keyHeader,
          body: correctEmailSchema,
          response: { 200: emailCorrectedSchema },
        },
      },
      async (request) => {
        const { email, replaces } = request.body;
        const { orderId } = await findOrder(deps, request, request.params.id);
        const id = `${orderId}:correct-email:${request.headers['idempotency-key'] ?? request.id}`;
        const { kind, id: keyId } = actorOf(request.subject);
        const wish = {
          ...{ id, orderId, email, replaces, actor: `${kind}:${keyId}` },
          fingerprint: sha256(`${id} ${email}`),
          tokenHashOf: (number: number) => sha256(orderToken(deps.keys, orderId, number)),
        };
        const outcome = await correctEmail(deps.database.db, wish, deps.now());
        if (outcome === 'key_reused') {
          const detail = 'This Idempotency-Key was used for another address. Use a new key for a new one.';
          throw new HttpProblem(422, 'idempotency_key_reused', detail, { orderId });
        }
        if (outcome === 'overtaken') {
          const detail =
            'Somebody has corrected this address meanwhile. Look at what it is now, and then decide.';
          throw new HttpProblem(409, 'not_allowed', detail, { orderId });
        }
        request.trail.outcome = outcome;
        return { orderId, recipient: email, changed: outcome === 'corrected' };
      },
    );
  };
}
