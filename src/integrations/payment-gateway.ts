import Stripe from 'stripe';
import type { Money } from '../domain/money.js';
import type { DisputeStatus, RefundStatus } from '../domain/lifecycle.js';
import { PartnerConflict, PartnerDoubt, PartnerRefusal } from './errors.js';

export interface Intent {
  id: string;
  status: 'unconfirmed' | 'declined' | 'needs_customer' | 'processing' | 'succeeded' | 'canceled';
  /** What was really charged, in minor units; 0 until it succeeded. */
  chargedMinor: number;
  currency: string;
  declineCode: string | undefined;
  orderId: string | undefined;
}

export interface GatewayRefund {
  gatewayId: string;
  /** The charge it gives back. */
  intentId: string | undefined;
  refundId: string | undefined;
  amountMinor: number;
  currency: string;
  status: Exclude<RefundStatus, 'settled_outside'>;
  failureReason: string | undefined;
}

export interface GatewayDispute {
  gatewayId: string;
  amountMinor: number;
  currency: string;
  status: DisputeStatus;
}

/** One of all disputes; undefined status: an inquiry, which moves no money. */
export interface ListedDispute {
  gatewayId: string;
  /** The charge that it takes back. */
  intentId: string | undefined;
  status: DisputeStatus | undefined;
}

/** Newest first. `since`: epoch ms, by the gateway's clock; `after`: the id that ended the page before. */
export interface PageWish {
  since?: number | undefined;
  after?: string | undefined;
}
export interface Page<T> {
  items: T[];
  more: boolean;
}

/** Refusals throw PartnerRefusal, wrong states PartnerConflict, everything open PartnerDoubt. */
export interface PaymentGateway {
  createIntent(wish: { key: string; orderId: string; amount: Money; paymentMethod: string }): Promise<Intent>;
  confirmIntent(id: string): Promise<Intent>;
  retrieveIntent(id: string): Promise<Intent>;
  cancelIntent(id: string): Promise<Intent>;
  listRefunds(intentId: string): Promise<GatewayRefund[]>;
  /** Inquiries, which move no money, are left out. */
  listDisputes(intentId: string): Promise<GatewayDispute[]>;
  /** Pages of 100, for the reconciler. */
  pageOfIntents(wish: PageWish): Promise<Page<Intent>>;
  pageOfRefunds(wish: PageWish): Promise<Page<GatewayRefund>>;
  pageOfDisputes(wish: PageWish): Promise<Page<ListedDispute>>;
  createRefund(wish: {
    key: string;
    intentId: string;
    refundId: string;
    amountMinor: number;
  }): Promise<GatewayRefund>;
}

export interface PaymentGatewayOptions {
  secretKey: string;
  /** Where the API is, for the sandbox; Stripe itself when left out. */
  url?: string | undefined;
  timeoutMs: number;
}

export function createPaymentGateway(options: PaymentGatewayOptions): PaymentGateway {
  const stripe = new Stripe(options.secretKey, {
    ...(options.url ? address(options.url) : {}),
    timeout: options.timeoutMs,
    // Retries belong to Temporal: they are seen there, and look up before they act.
    maxNetworkRetries: 0,
    telemetry: false,
  });
  return {
    createIntent: ({ key, orderId, amount, paymentMethod }) =>
      asking(async () =>
        toIntent(
          await stripe.paymentIntents.create(
            {
              amount: amount.amountMinor,
              currency: amount.currency.toLowerCase(),
              payment_method: paymentMethod,
              automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
              metadata: { order_id: orderId },
            },
            { idempotencyKey: key },
          ),
        ),
      ),
    confirmIntent: (id) => asking(async () => toIntent(await stripe.paymentIntents.confirm(id))),
    retrieveIntent: (id) => looking(async () => toIntent(await stripe.paymentIntents.retrieve(id))),
    cancelIntent: (id) => looking(async () => toIntent(await stripe.paymentIntents.cancel(id))),
    listRefunds: (intentId) =>
      looking(async () => {
        const refunds: GatewayRefund[] = [];
        for await (const refund of stripe.refunds.list({ payment_intent: intentId, limit: 100 })) {
          refunds.push(toRefund(refund));
        }
        return refunds;
      }),
    listDisputes: (intentId) =>
      looking(async () => {
        const disputes: GatewayDispute[] = [];
        for await (const dispute of stripe.disputes.list({ payment_intent: intentId, limit: 100 })) {
          const status = disputeStatuses[dispute.status];
          if (status) disputes.push(toDispute(dispute, status));
        }
        return disputes;
      }),
    pageOfIntents: (wish) =>
      asking(async () => pageOf(await stripe.paymentIntents.list(pageParams(wish)), toIntent)),
    pageOfRefunds: (wish) =>
      asking(async () => pageOf(await stripe.refunds.list(pageParams(wish)), toRefund)),
    pageOfDisputes: (wish) =>
      asking(async () => pageOf(await stripe.disputes.list(pageParams(wish)), toListedDispute)),
    createRefund: ({ key, intentId, refundId, amountMinor }) =>
      asking(async () =>
        toRefund(
          await stripe.refunds.create(
            { payment_intent: intentId, amount: amountMinor, metadata: { refund_id: refundId } },
            { idempotencyKey: key },
          ),
        ),
      ),
  };
}

function address(url: string) {
  const { hostname, port, protocol } = new URL(url);
  return { host: hostname, port: Number(port), protocol: protocol.replace(':', '') as 'http' | 'https' };
}

function pageParams({ since, after }: PageWish) {
  return {
    limit: 100,
    ...(since === undefined ? {} : { created: { gte: Math.floor(since / 1000) } }),
    ...(after === undefined ? {} : { starting_after: after }),
  };
}

function pageOf<T, U>(list: { data: T[]; has_more: boolean }, to: (item: T) => U): Page<U> {
  return { items: list.data.map(to), more: list.has_more };
}

function toIntent(intent: Stripe.PaymentIntent): Intent {
  return {
    id: intent.id,
    status: intentStatus(intent),
    chargedMinor: intent.status === 'succeeded' ? intent.amount_received : 0,
    currency: intent.currency.toUpperCase(),
    declineCode: intent.last_payment_error?.decline_code ?? intent.last_payment_error?.code,
    orderId: intent.metadata.order_id,
  };
}

function intentStatus(intent: Stripe.PaymentIntent): Intent['status'] {
  switch (intent.status) {
    case 'succeeded':
    case 'processing':
    case 'canceled':
      return intent.status as Intent['status'];
    case 'requires_action':
      return 'needs_customer';
    case 'requires_payment_method':
      return intent.last_payment_error ? 'declined' : 'unconfirmed';
    case 'requires_confirmation':
    case 'requires_capture':
    default:
      return 'unconfirmed';
  }
}

function toRefund(refund: Stripe.Refund): GatewayRefund {
  return {
    gatewayId: refund.id,
    intentId: idOf(refund.payment_intent),
    refundId: refund.metadata?.refund_id,
    amountMinor: refund.amount,
    currency: refund.currency.toUpperCase(),
    status: (refund.status ?? 'pending') as GatewayRefund['status'],
    failureReason: refund.failure_reason,
  };
}

const disputeStatuses: Partial<Record<Stripe.Dispute.Status, DisputeStatus>> = {
  needs_response: 'open',
  under_review: 'open',
  won: 'won',
  lost: 'lost',
};

function toDispute({ id, amount, currency }: Stripe.Dispute, status: DisputeStatus): GatewayDispute {
  return { gatewayId: id, amountMinor: amount, currency: currency.toUpperCase(), status };
}

function toListedDispute({ id, payment_intent, status }: Stripe.Dispute): ListedDispute {
  return { gatewayId: id, intentId: idOf(payment_intent), status: disputeStatuses[status] };
}

/** The object is in a state that does not allow the call: what is there already has to be looked at. */
const conflicts = ['payment_intent_unexpected_state', 'charge_already_refunded', 'charge_disputed'];

function idOf(part: string | { id: string } | null): string | undefined {
  return typeof part === 'string' ? part : part?.id;
}

/** Looking something up decides nothing: also what a gateway does not find may be there, in another account, say. */
async function looking<T>(call: () => Promise<T>): Promise<T> {
  return asking(call).catch((error: unknown) => {
    throw error instanceof PartnerRefusal ? new PartnerDoubt(`${error.code}: ${error.message}`) : error;
  });
}

async function asking<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw meaningOf(error);
  }
}

function meaningOf(error: unknown): Error {
  if (error instanceof Stripe.errors.StripeCardError) {
    return new PartnerRefusal(error.decline_code ?? error.code ?? 'card_declined', error.message);
  }
  if (error instanceof Stripe.errors.StripeInvalidRequestError) {
    const code = error.code ?? 'invalid_request';
    return conflicts.includes(code)
      ? new PartnerConflict(code, error.message)
      : new PartnerRefusal(code, error.message);
  }
  if (error instanceof Stripe.errors.StripeRateLimitError) {
    const seconds = Number(error.headers?.['retry-after']);
    return new PartnerDoubt(error.message, {
      retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : undefined,
    });
  }
  // Stripe keeps a 500 under its idempotency key, and would say it again. What stands before Stripe says 502 to 504.
  const kept = error instanceof Stripe.errors.StripeAPIError && error.statusCode === 500;
  // Anything else, wrong keys included, says nothing of the money: keep asking, and let a person see the error.
  return new PartnerDoubt(error instanceof Error ? error.message : String(error), { kept });
}
