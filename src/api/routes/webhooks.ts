import { createHmac, timingSafeEqual } from 'node:crypto';
import Stripe from 'stripe';
import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { receive, type Source } from '../../db/inbox.js';
import type { ApiDeps } from '../deps.js';
import { HttpProblem } from '../problems.js';

const TOLERANCE_SECONDS = 300;
const eventSchema = z.object({ id: z.string().min(1).max(200) });

/** Partners' events: the signature over the raw body is checked, the event is kept, and only then acknowledged. */
export function webhookRoutes(deps: ApiDeps): FastifyPluginAsync {
  const stripe = new Stripe('unused');

  async function keep(source: Source, payload: object, type: string): Promise<void> {
    const { id } = eventSchema.parse(payload);
    await receive(deps.database.db, { source, eventId: id, type, payload, at: deps.now() });
  }

  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 64 * 1024 }, (_request, body, done) =>
      done(null, body),
    );

    app.post('/payment', async (request, reply) => {
      const event = verifyStripe(stripe, request.body, request.headers['stripe-signature'], deps);
      await keep('payment', event, event.type);
      return reply.status(204).send();
    });

    app.post('/delivery', async (request, reply) => {
      const event = verifyHmac(
        request.body,
        request.headers['x-hmac-signature'],
        deps.webhookSecrets.delivery,
      );
      await keep('delivery', event, event.description);
      return reply.status(204).send();
    });
  };
}

const refused = (): HttpProblem =>
  new HttpProblem(400, 'bad_signature', 'The signature does not fit the body.');

function verifyStripe(stripe: Stripe, body: unknown, header: unknown, deps: ApiDeps): Stripe.Event {
  if (typeof body !== 'string' || typeof header !== 'string') throw refused();
  try {
    const at = Number(/(?:^|,)t=(\d+)/.exec(header)?.[1]);
    // The library refuses old timestamps only; one from the future would stay valid for as long as it likes.
    if (at - deps.now() / 1000 > TOLERANCE_SECONDS) throw refused();
    return stripe.webhooks.constructEvent(body, header, deps.webhookSecrets.payment, TOLERANCE_SECONDS);
  } catch {
    throw refused();
  }
}

const partnerEventSchema = z.looseObject({ id: z.string(), description: z.string() });

function verifyHmac(body: unknown, header: unknown, secret: string) {
  const given = typeof header === 'string' ? /^hmac-sha256-hex=([0-9a-f]{64})$/.exec(header)?.[1] : undefined;
  if (typeof body !== 'string' || !given) throw refused();
  const expected = createHmac('sha256', secret).update(body).digest();
  if (!timingSafeEqual(Buffer.from(given, 'hex'), expected)) throw refused();
  try {
    return partnerEventSchema.parse(JSON.parse(body));
  } catch {
    throw new HttpProblem(400, 'invalid_request', 'The body is not an event.');
  }
}
