import { randomUUID } from 'node:crypto';
import type { OrderView } from '../../contract/api.js';
import type { Stack } from '../stack.js';
import type { Placed, PlaceOptions, Shop } from './shop.js';
import type { Teller } from './teller.js';

export interface Scene {
  title: string;
  why: string;
  play(stage: Stage): Promise<void>;
}

export interface Stage {
  tell: Teller;
  shop: Shop;
  stack: Stack;
}

const phone = 'aurora-phone';

async function placed({ tell, shop }: Stage, options: PlaceOptions): Promise<Placed['body']> {
  const { status, body } = await shop.place(options);
  if (status >= 300) throw new Error(`placing failed: ${JSON.stringify(body)}`);
  tell.fact(
    `${body.orderId}: ${body.status}, ${body.amountText} ${body.payment.status}, unit ${body.reservation.status}`,
  );
  tell.link('watch it', shop.uiLink(body.orderId));
  return body;
}

async function tellUndo({ tell, shop }: Stage, id: string): Promise<void> {
  for (const entry of await shop.compensation(id)) {
    tell.fact(`undo ${entry.seq}: ${entry.step} → ${entry.outcome} (${entry.detail})`);
  }
}

async function tellEnd(stage: Stage, id: string, ...statuses: OrderView['status'][]): Promise<void> {
  const end = await stage.shop.until(id, ...statuses);
  await tellUndo(stage, id);
  const refund = end.refund ? `, refund ${end.refund.status}` : '';
  const reason = end.cancelReason ? ` (${end.cancelReason})` : '';
  stage.tell.fact(`${end.status}${reason}, unit ${end.reservation.status}${refund}`);
}

async function deliver({ tell, shop }: Stage, id: string): Promise<void> {
  await shop.until(id, 'awaiting_pickup');
  await shop.scan(id, 'in_transit');
  await shop.until(id, 'in_transit');
  tell.step("The partner's pickup scan arrives as a signed webhook; then out for delivery, then delivered.");
  await shop.scan(id, 'out_for_delivery');
  await shop.scan(id, 'delivered');
}

const fullPath: Scene = {
  title: 'The full path',
  why: 'Paid in full today, shipped months later. The order is one workflow that waits for all of it.',
  async play(stage) {
    const { tell, shop } = stage;
    tell.step('A customer places an order and pays.');
    const { orderId } = await placed(stage, { sku: phone });
    tell.step('Two months pass, until the release date; an operator starts fulfillment.');
    await shop.fastForward(orderId, { to: 'release' });
    tell.fact((await shop.command(orderId, 'start-fulfillment')).message);
    await shop.until(orderId, 'awaiting_pickup');
    tell.step(
      'The partner accepts and nobody picks the item up: three days, a reminder at growing intervals.',
    );
    const waiting = await shop.fastForward(orderId, { by: '3d' });
    tell.fact(`${waiting.shipment?.reminders ?? 0} reminders sent, still ${waiting.status}`);
    await deliver(stage, orderId);
    await tellEnd(stage, orderId, 'completed');
  },
};

const customerCancels: Scene = {
  title: 'The customer cancels after two months',
  why: 'Cancelled with the order token from the mail; everything is undone in reverse order.',
  async play(stage) {
    const { tell, shop } = stage;
    const { orderId, token } = await placed(stage, { sku: 'orbit-console' });
    tell.step('Sixty days later the customer changes their mind.');
    await shop.fastForward(orderId, { by: '60d' });
    const answer = await shop.command(orderId, 'cancel', shop.asCustomer(token));
    tell.fact(`${answer.answer}: ${answer.message}`);
    await tellEnd(stage, orderId, 'cancelled');
  },
};

const deadline: Scene = {
  title: 'Nobody starts fulfillment',
  why: 'The promise was: released, and shipped within a week. At the deadline the order cancels and refunds itself.',
  async play(stage) {
    const { tell, shop } = stage;
    const { orderId, deadline: at } = await placed(stage, { sku: phone });
    tell.step(`Time passes, to the deadline ${at} and one second past it.`);
    await shop.fastForward(orderId, { to: 'deadline' });
    await tellEnd(stage, orderId, 'cancelled');
  },
};

const declined: Scene = {
  title: 'The card is declined',
  why: 'Payment impossible: the order is rejected, nothing else has happened.',
  async play({ tell, shop }) {
    const { status, body } = await shop.place({ sku: phone, paymentMethod: 'pm_card_chargeDeclined' });
    tell.fact(`HTTP ${status} ${body.code ?? ''}: ${body.detail ?? ''}`);
    if (body.orderId) tell.link('watch it', shop.uiLink(body.orderId));
  },
};

const gatewayDown: Scene = {
  title: 'The payment gateway is down for three tries',
  why: 'Not known is not failed: the payment is looked up and tried again until it is known.',
  async play(stage) {
    const { tell, shop } = stage;
    await shop.fault({
      target: 'payment-gateway',
      operation: 'confirm_payment_intent',
      kind: 'error_500',
      times: 3,
    });
    tell.step('The gateway answers 500, 500, 500, and then works.');
    await placed(stage, { sku: phone });
  },
};

const replyLost: Scene = {
  title: 'The charge lands, its reply is lost',
  why: 'The money moved and nobody told us. Charging again would take it twice; so the gateway is asked first.',
  async play(stage) {
    const { tell, shop, stack } = stage;
    // Twice, because the gateway's own client library repeats a request once when the connection breaks.
    await shop.fault({
      target: 'payment-gateway',
      operation: 'confirm_payment_intent',
      kind: 'drop_reply',
      times: 2,
    });
    tell.step('The gateway charges the card and the connection breaks.');
    const { orderId } = await placed(stage, { sku: phone });
    const { body } = await stack.sandbox.get<{ charges: number }[]>(`/_sandbox/books?orderId=${orderId}`);
    tell.fact(`charges at the gateway: ${body[0]?.charges ?? 0}`);
  },
};

const soldOut: Scene = {
  title: 'Sold out, and the unit that vanished',
  why: 'Units are held before the card is charged. If the supplier still takes units away, the money goes back.',
  async play(stage) {
    const { tell, shop } = stage;
    const vinyl = await placed(stage, { sku: 'vinyl-box', quantity: 3 });
    tell.step(`All ${vinyl.quantity} are taken. Another customer tries.`);
    const refused = await shop.place({ sku: 'vinyl-box' });
    tell.fact(`HTTP ${refused.status} ${refused.body.code ?? ''}: ${refused.body.detail ?? ''}`);

    tell.step('A print of one is ordered; while the gateway hangs, the supplier withdraws it.');
    const releaseDate = new Date(Date.now() + 40 * 86_400_000).toISOString();
    await shop.addProduct({
      sku: 'art-print',
      name: 'Art Print',
      price: 25_000,
      currency: 'USD',
      capacity: 1,
      releaseDate,
    });
    const fault = await shop.fault({
      target: 'payment-gateway',
      operation: 'confirm_payment_intent',
      kind: 'error_500',
      times: 4,
    });
    const placing = shop.place({ sku: 'art-print' });
    while ((await shop.faultHits(fault.id)) === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await shop.setCapacity('art-print', 0);
    const { body } = await placing;
    tell.link('watch it', shop.uiLink(body.orderId));
    await tellEnd(stage, body.orderId, 'cancelled');
  },
};

const impossible: Scene = {
  title: 'The fulfillment order is impossible',
  why: 'The partner can never deliver to this address: full compensation, in reverse order.',
  async play(stage) {
    const { tell, shop } = stage;
    const { orderId } = await placed(stage, { sku: phone, zip: '00000' });
    await shop.fastForward(orderId, { to: 'release' });
    tell.step('Fulfillment is started; the partner refuses the address for good.');
    await shop.command(orderId, 'start-fulfillment');
    await tellEnd(stage, orderId, 'cancelled');
  },
};

const cancelAtPickup: Scene = {
  title: 'Cancel while pickup is awaited',
  why: 'The item is with the partner already. Only the partner can say whether it can be stopped.',
  async play(stage) {
    const { tell, shop } = stage;
    await shop.modes({ cancellation: 'later', answerAfterMs: 800 });
    const { orderId, token } = await placed(stage, { sku: phone });
    await shop.fastForward(orderId, { to: 'release' });
    await shop.command(orderId, 'start-fulfillment');
    await shop.until(orderId, 'awaiting_pickup');
    tell.step('The customer cancels; the partner is asked.');
    const answer = await shop.command(orderId, 'cancel', shop.asCustomer(token));
    tell.fact(`${answer.answer}: ${answer.message}`);
    tell.step('The partner stops the item.');
    await tellEnd(stage, orderId, 'cancelled');
    await shop.modes({ cancellation: 'now' });
  },
};

const killed: Scene = {
  title: 'kill -9 in the middle of a charge',
  why: 'The process that carries the order dies while the card is being charged. The order does not.',
  async play(stage) {
    const { tell, shop, stack } = stage;
    const fault = await shop.fault({
      target: 'payment-gateway',
      operation: 'confirm_payment_intent',
      kind: 'delay',
      delayMs: 1500,
      times: 1,
    });
    const key = randomUUID();
    const lost = shop.place({ sku: phone, key }).catch(() => undefined);
    while ((await shop.faultHits(fault.id)) === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await stack.server.crash();
    await lost;
    tell.step('The API and worker process was killed with -9 while the gateway worked. It is started again.');
    await stack.server.start();
    tell.step('The customer, who never got a reply, sends the same request with the same Idempotency-Key.');
    const { body } = await shop.place({ sku: phone, key });
    await shop.until(body.orderId, 'awaiting_release');
    tell.link('watch it', shop.uiLink(body.orderId));
    const { body: books } = await stack.sandbox.get<{ charges: number }[]>(
      `/_sandbox/books?orderId=${body.orderId}`,
    );
    tell.fact(`${body.orderId}: charges at the gateway: ${books[0]?.charges ?? 0}`);
    await shop.fastForward(body.orderId, { to: 'release' });
    await shop.command(body.orderId, 'start-fulfillment');
    await deliver(stage, body.orderId);
    await tellEnd(stage, body.orderId, 'completed');
  },
};

export const scenes: Scene[] = [
  fullPath,
  customerCancels,
  deadline,
  declined,
  gatewayDown,
  replyLost,
  soldOut,
  impossible,
  cancelAtPickup,
  killed,
];
