import { createHmac, timingSafeEqual } from 'node:crypto';
import Stripe from 'stripe';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { receive, type Source } from '../../db/inbox.js';
import { authorize } from '../access.js';
import type { ApiDeps } from '../deps.js';
import { HttpProblem } from '../problems.js';

const TOLERANCE_SECONDS = 300;
/** A dispute's event carries its evidence, of up to 150,000 characters at Stripe; an event that is refused is lost. */
const LIMITS = { payment: 512 * 1024, delivery: 20 * 1024 };
const printable = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[\x20-\x7e]+$/);
const stripeEvent = z.looseObject({ id: printable(200), type: printable(100) });
const partnerEvent = z.looseObject({ id: printable(200), description: printable(100) });

/** Partners' events: the signature over the raw body is checked, the event is kept, and only then acknowledged. */
export function webhookRoutes(deps: ApiDeps): FastifyPluginAsync {
  const stripe = new Stripe('unused');

  async function keep(source: Source, event: { id: string }, type: string): Promise<void> {
    await receive(deps.database.db, { source, eventId: event.id, type, payload: event, at: deps.now() });
  }

  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));

    app.post(
      '/payment',
      described("The payment gateway's events", LIMITS.payment),
      async (request, reply) => {
        const signed = verifyStripe(stripe, request.body, request.headers['stripe-signature'], deps);
        admit(request, 'payment');
        const event = eventOf(stripeEvent, signed);
        await keep('payment', event, event.type);
        return reply.status(204).send();
      },
    );

    app.post(
      '/delivery',
      described("The delivery partner's events", LIMITS.delivery),
      async (request, reply) => {
        const signature = request.headers['x-hmac-signature'];
        const signed = verifyHmac(request.body, signature, deps.webhookSecrets.delivery);
        admit(request, 'delivery');
        const event = eventOf(partnerEvent, signed);
        await keep('delivery', event, event.description);
        return reply.status(204).send();
      },
    );
  };
}

const described = (summary: string, bodyLimit: number) => ({
  bodyLimit,
  config: { action: 'webhook' as const },
  schema: {
    summary,
    description: 'Checked by its signature over the raw body. 204: kept, or known already.',
    tags: ['webhooks'],
    response: { 204: z.null().describe('Kept') },
  },
});

/** Whoever signed it is the partner. */
function admit(request: FastifyRequest, source: Source): void {
  request.subject = { kind: 'partner', id: source };
  authorize(request.subject, 'webhook');
}

const refused = (): HttpProblem =>
  new HttpProblem(400, 'bad_signature', 'The signature does not fit the body.');

function verifyStripe(stripe: Stripe, body: unknown, header: unknown, deps: ApiDeps): unknown {
  if (typeof body !== 'string' || typeof header !== 'string') throw refused();
  // The library believes the last timestamp, so there must be no other.
  const [stamp, ...others] = header.split(',').filter((part) => part.startsWith('t='));
  const at = Number(stamp?.slice(2));
  // It refuses old timestamps only; one from the future would stay valid for as long as it likes.
  if (others.length > 0 || !(at - deps.now() / 1000 <= TOLERANCE_SECONDS)) throw refused();
  for (const secret of deps.webhookSecrets.payment) {
    try {
      return stripe.webhooks.constructEvent(body, header, secret, TOLERANCE_SECONDS);
    } catch {
      // Signed with another one, perhaps.
    }
  }
  throw refused();
}

function verifyHmac(body: unknown, header: unknown, secrets: string[]): unknown {
  const given = typeof header === 'string' ? /^hmac-sha256-hex=([0-9a-f]{64})$/.exec(header)?.[1] : undefined;
  if (typeof body !== 'string' || !given) throw refused();
  const fits = (secret: string): boolean =>
    timingSafeEqual(Buffer.from(given, 'hex'), createHmac('sha256', secret).update(body).digest());
  if (!secrets.some(fits)) throw refused();
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function eventOf<T>(schema: z.ZodType<T>, signed: unknown): T {
  const event = schema.safeParse(signed);
  if (event.success && isStorable(signed)) return event.data;
  throw new HttpProblem(400, 'invalid_request', 'The body is not an event that can be kept.');
}

/** False for what no table can hold: NUL, half a surrogate, nesting beyond all reason. */
function isStorable(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return !/\0|\p{Cs}/u.test(value);
  if (typeof value !== 'object' || value === null) return true;
  return depth < 50 && Object.entries(value).every(([k, v]) => isStorable(k) && isStorable(v, depth + 1));
}
