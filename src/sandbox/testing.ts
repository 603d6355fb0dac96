import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { createSandbox, type SandboxOptions } from './create-sandbox.js';

/** For the tests of this folder: a sandbox, its clients and somebody who receives its webhooks. */

export const secrets = { payment: 'whsec_payment', delivery: 'whsec_delivery' };

export interface Received {
  path: string;
  body: string;
  headers: Record<string, string | string[] | undefined>;
}

export async function openWorld(options: Partial<SandboxOptions> = {}) {
  const sandbox = await createSandbox({
    port: 0,
    smtpPort: 0,
    paymentWebhookSecret: secrets.payment,
    deliveryWebhookSecret: secrets.delivery,
    ...options,
  });
  const port = Number(new URL(sandbox.url).port);
  const stripe = new Stripe('sk_test_x', {
    host: '127.0.0.1',
    port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  });
  return {
    ...sandbox,
    port,
    stripe,
    control: (method: string, path: string, body?: unknown) =>
      call(`${sandbox.url}/_sandbox${path}`, method, body),
    partner: (method: string, path: string, body?: unknown) =>
      call(`${sandbox.url}/v2${path}`, method, body, { authorization: `Basic ${btoa('key:')}` }),
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;

/** The fields tests read out of replies of many shapes, lists among them. */
interface Fields {
  id: string;
  status: string;
  error: string;
  reminders: number;
  hits: number;
  shipments: Fields[];
}
type Json = Fields & Fields[];

async function call(url: string, method: string, body: unknown, headers: Record<string, string> = {}) {
  const reply = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  return { status: reply.status, json: (text ? JSON.parse(text) : undefined) as Json };
}

/** Receives webhooks; `next` waits for the first one that fits, also among those that came before. */
export async function openReceiver(statusFor: (received: Received, nth: number) => number = () => 200) {
  const all: Received[] = [];
  let wake: (() => void)[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const received = { path: request.url ?? '', body, headers: request.headers };
      all.push(received);
      response.statusCode = statusFor(received, all.length);
      response.end();
      const waiting = wake;
      wake = [];
      for (const resume of waiting) resume();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    all,
    async next(fits: (received: Received) => boolean): Promise<Received> {
      for (;;) {
        const found = all.find(fits);
        if (found) return found;
        await new Promise<void>((resolve) => wake.push(resolve));
      }
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const ofType = (type: string) => (received: Received) => received.body.includes(`"${type}"`);

let orders = 0;
export const newOrder = (): string => `po_test${String(++orders).padStart(4, '0')}`;

export function pay(world: World, order: string, paymentMethod = 'pm_card_visa', amount = 5000) {
  return world.stripe.paymentIntents.create({
    amount,
    currency: 'eur',
    payment_method: paymentMethod,
    confirm: true,
    metadata: { order_id: order },
  });
}

/** The error a promise ends with; fails when it does not. */
export async function failureOf(promise: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error as Stripe.errors.StripeError,
  );
  if (!outcome) throw new Error('expected a failure');
  return outcome;
}

export const shipmentFor = (reference: string, address: Record<string, string> = {}) => ({
  shipment: {
    reference,
    to_address: {
      name: 'Ada L.',
      street1: 'Main 1',
      city: 'Wien',
      zip: '1010',
      country: 'AT',
      ...address,
    },
    parcel: { sku: 'PHONE-1', quantity: 1 },
  },
});
