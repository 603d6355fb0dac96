import { setTimeout as sleep } from 'node:timers/promises';
import type { OrderView } from '../../src/contract/api.js';
import { fulfillmentReference } from '../../src/domain/identity.js';
import type { SandboxControls } from '../support/sandbox-controls.js';
import { atGateway } from './at-gateway.js';
import type { Client, Heard, Request } from './client.js';
import type { Life, Nonsense, Step } from './plan.js';

/** Planted with each order, and looked for wherever it has no business. */
export const canary = { name: 'Canary Cardamom', domain: 'cage.example', street: '77 Birdcage Walk' };

/** What was asked for in one life, and what was answered: the promises that the end is held against. */
export interface Story {
  life: Life;
  key: string;
  sku: string;
  orderId: string | undefined;
  /** Undefined: no answer came. */
  placed: (Heard | undefined)[];
  otherBody: (Heard | undefined)[];
  commands: { kind: string; key: string; heard: Heard | undefined }[];
  nonsense: { what: Nonsense; key: string; heard: Heard | undefined }[];
}

export interface Shop {
  client: Client;
  sandbox: SandboxControls;
  /** Our product codes by the plan's names. */
  skus: Record<Life['product'], string>;
  look(orderId: string): Promise<OrderView | undefined>;
  prefix: string;
}

export async function live(shop: Shop, life: Life, index: number): Promise<Story> {
  const key = `${shop.prefix}-order-${index}`;
  const sku = shop.skus[life.product];
  const story: Story = {
    life,
    key,
    sku,
    orderId: undefined,
    placed: [],
    otherBody: [],
    commands: [],
    nonsense: [],
  };
  const ask = life.patient ? shop.client.patiently : shop.client.once;
  const order = orderBody(story, index);
  const place = () => ask({ path: '/api/orders', body: order, key });
  story.placed = await Promise.all(Array.from({ length: life.clicks }, place));
  story.orderId = story.placed.map((heard) => heard?.body.orderId).find((id) => id !== undefined);
  for (const [n, step] of life.steps.entries()) {
    await sleep(step.pauseMs);
    await Promise.all(
      Array.from({ length: step.clicks }, (_, click) =>
        take(shop, story, step, `${key}-${n}-${click}`, { ...order, quantity: order.quantity + 1 }),
      ),
    );
  }
  return story;
}

export function orderBody({ life, sku }: Story, index: number) {
  const { quantity, paymentMethod, zip } = life;
  const address = { street: canary.street, city: 'Springfield', zip, country: 'US' };
  const customer = { name: canary.name, email: `canary-${index}@${canary.domain}`, address };
  return { sku, quantity, customer, paymentMethod };
}

async function take(shop: Shop, story: Story, step: Step, key: string, otherBody: object): Promise<void> {
  const { client, sandbox } = shop;
  if (step.kind === 'other-body') {
    story.otherBody.push(await client.once({ path: '/api/orders', body: otherBody, key: story.key }));
    return;
  }
  if (step.kind === 'nonsense') {
    const { what } = step;
    story.nonsense.push({
      what,
      key,
      heard: await client.once({ ...nonsense(what, otherBody, story.orderId), key }),
    });
    return;
  }
  const { orderId } = story;
  if (!orderId) return;
  const path = (verb: string): string => `/api/orders/${orderId}/${verb}`;
  const ask = story.life.patient ? client.patiently : client.once;
  switch (step.kind) {
    case 'fast-forward':
      await client.once({ path: path('fast-forward'), body: step.wish });
      return;
    case 'scan':
    case 'answer': {
      const order = await shop.look(orderId);
      if (!order?.fulfillment) return;
      const reference = encodeURIComponent(fulfillmentReference(orderId, order.fulfillment.attempt));
      const [what, body] =
        step.kind === 'scan' ? ['events', { status: step.status }] : ['answer', { answer: step.answer }];
      // The partner does not know the shipment yet, or is down.
      await sandbox.ask('POST', `/shipments/${reference}/${String(what)}`, body).catch(() => undefined);
      return;
    }
    case 'dispute':
    case 'bank':
    case 'refund-by-hand':
      return atGateway(shop, orderId, step);
    case 'resolve': {
      const call = (await shop.look(orderId))?.needsAttention;
      if (!call) return;
      const action = call.allowedActions[step.choice % call.allowedActions.length];
      const body = {
        action,
        ...(action === 'settle_outside' ? { reference: `proof-1 of ${canary.name}` } : {}),
      };
      story.commands.push({
        kind: `resolve:${action}`,
        key,
        heard: await ask({ path: path('resolve'), body, key }),
      });
      return;
    }
    case 'cancel':
    case 'start-fulfillment':
    case 'item-picked':
    case 'confirm-delivery':
      story.commands.push({ kind: step.kind, key, heard: await ask({ path: path(step.kind), key }) });
  }
}

const nowhere = 'po_00000000000000000000000000';

function nonsense(what: Nonsense, order: object, orderId = nowhere): Request {
  switch (what) {
    case 'no-quantity':
      return { path: '/api/orders', body: { ...order, quantity: 0 } };
    case 'unknown-product':
      return { path: '/api/orders', body: { ...order, sku: 'NO-SUCH-THING' } };
    case 'unknown-order':
      return { path: `/api/orders/${nowhere}/cancel` };
    case 'nobody':
      return { path: `/api/orders/${orderId}/start-fulfillment`, anonymous: true };
  }
}
