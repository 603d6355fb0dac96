import { isAboutOrder } from '../../src/domain/attention.js';
import { MINUTE } from '../../src/domain/deadline.js';
import { isFinal, type OrderStatus } from '../../src/domain/lifecycle.js';
import { collectFacts, type Facts, type Observed, type OrderFacts, type StockFacts } from './facts.js';
import { replayEverything } from './replay.js';

/** The invariants of the system (I8, I10 and I13 belong to single tests). A checker answers what is violated. */
type Check = (o: OrderFacts) => (string | false | undefined)[];

const sum = (amounts: number[]): number => amounts.reduce((total, amount) => total + amount, 0);

const onItsWay = ['succeeded', 'pending', 'requires_action'];

export function moneyOf(o: OrderFacts) {
  const by = (account: string, operations: string[]): number =>
    sum(
      o.ledger
        .filter((entry) => entry.account === account && operations.includes(entry.operation))
        .map((entry) => entry.amount_minor),
    );
  const refunds = o.gateway.flatMap((book) => book.refunds);
  return {
    price: o.order.amount_minor,
    charged: by('gateway', ['charge']),
    refunded: -by('gateway', ['refund', 'refund_reversal']),
    disputed: -by('gateway', ['dispute', 'dispute_reversal']),
    gatewayDisputed: sum(o.gateway.map((book) => book.disputedMinor)),
    earned: -by('revenue', ['delivery']),
    balance: sum(o.ledger.map((entry) => entry.amount_minor)),
    gatewayCharged: sum(o.gateway.map((book) => book.chargedMinor)),
    gatewayCharges: sum(o.gateway.map((book) => book.charges)),
    gatewayRefunded: sum(refunds.filter((r) => r.status === 'succeeded').map((r) => r.amountMinor)),
    /** By somebody at the gateway, without a word to us. */
    byHand: sum(refunds.filter((r) => r.status === 'succeeded' && r.byHand).map((r) => r.amountMinor)),
    askedFor: sum(refunds.filter((r) => onItsWay.includes(r.status) && !r.byHand).map((r) => r.amountMinor)),
    outstanding: sum(o.gateway.map((book) => book.refundedMinor)),
    outside: sum(o.refunds.filter((r) => r.status === 'settled_outside').map((r) => r.amount_minor)),
  };
}

const unpaid: OrderStatus[] = ['payment_pending', 'rejected', 'cancelling', 'cancelled'];

const money: Check = (o) => {
  const m = moneyOf(o);
  const { status } = o.order;
  const owed = m.charged - m.refunded - m.disputed;
  // The bank takes all of it, also what was given back by hand before: too much, and never ours to ask for again.
  const tookTooMuch = owed < 0 && m.disputed > 0;
  // While an order goes on, only the reconciler looks for what somebody gives back by hand, and it only tells.
  const untold = status === 'cancelled' || status === 'rejected' ? 0 : m.byHand;
  const refunded = m.gatewayRefunded + m.outside;
  const watched = o.runs.some((run) => run.type === 'refund' && run.status === 'RUNNING');
  return [
    o.ledger.some(
      (e) => !Number.isSafeInteger(e.amount_minor) || e.currency.trim() !== o.order.currency.trim(),
    ) && 'I1: a ledger entry is no integer of the order’s currency',
    m.balance !== 0 && `I1: the ledger is out of balance by ${m.balance}`,
    m.gatewayCharges > 1 && `I1: charged ${m.gatewayCharges} times`,
    m.charged !== m.gatewayCharged && `I1: ledger charged ${m.charged}, gateway ${m.gatewayCharged}`,
    m.refunded !== refunded &&
      m.refunded !== refunded - untold &&
      `I1: ledger refunded ${m.refunded}, gateway ${m.gatewayRefunded}, outside ${m.outside}`,
    m.disputed !== m.gatewayDisputed && `I1: ledger disputed ${m.disputed}, gateway ${m.gatewayDisputed}`,
    m.outstanding > m.gatewayCharged && `I1: refunds ${m.outstanding} exceed the charge ${m.gatewayCharged}`,
    !unpaid.includes(status) && m.charged !== m.price && `I1: ${status}, charged ${m.charged} of ${m.price}`,
    (status === 'cancelled' || status === 'rejected') &&
      owed !== 0 &&
      !tookTooMuch &&
      !watched &&
      `I1: ${status}, and ${owed} is neither refunded nor watched`,
    status === 'completed' &&
      (m.earned !== m.price || ![0, m.byHand].includes(m.refunded)) &&
      `I1: completed, earned ${m.earned}, refunded ${m.refunded}, price ${m.price}`,
    status !== 'completed' && m.earned !== 0 && `I1: ${status}, and ${m.earned} is booked as earned`,
  ];
};

export function checkStock({ product, reservations }: StockFacts): string[] {
  const rows = sum(reservations.filter((r) => r.status !== 'released').map((r) => r.quantity));
  const { sku, reserved, capacity } = product;
  return [
    (reserved < 0 || reserved > capacity) && `I2: ${sku} has ${reserved} of ${capacity} reserved`,
    reserved !== rows && `I2: ${sku} has ${reserved} reserved, its rows say ${rows}`,
  ].filter((text) => text !== false);
}

const reservationStates: Record<OrderStatus, string[]> = {
  payment_pending: ['held', 'released'],
  reserving: ['held', 'reserved', 'released'],
  awaiting_release: ['reserved'],
  fulfillment_requested: ['reserved', 'consumed'],
  awaiting_pickup: ['reserved', 'consumed'],
  cancellation_requested: ['reserved', 'consumed'],
  in_transit: ['consumed'],
  delivery_exception: ['consumed'],
  returning: ['consumed'],
  cancelling: ['held', 'reserved', 'consumed', 'released'],
  completed: ['consumed'],
  // Units that had left the warehouse are not on the shelf again because the money went back.
  cancelled: ['released', 'consumed'],
  rejected: ['released'],
};

const hasShipped = (o: OrderFacts): boolean => o.reservation.status === 'consumed';

const once: Check = (o) => [
  !reservationStates[o.order.status].includes(o.reservation.status) &&
    `I3: ${o.order.status}, and the reservation is ${o.reservation.status}`,
  o.order.status === 'cancelled' &&
    hasShipped(o) &&
    !o.log.some((line) => ['kept_consumed', 'replacement_released'].includes(line.outcome)) &&
    'I3: cancelled with consumed units, and no log line says why',
];

const oneWinner: Check = (o) => {
  const decided = o.attention.some(
    (call) =>
      call.resolution && ['refund', 'declare_lost', 'reship'].includes(call.resolution) && isPerson(call),
  );
  const fulfilled = o.fulfillments.length > 0;
  const started = o.commands.some((c) => c.kind === 'start-fulfillment' && c.outcome === 'accepted');
  return [
    hasShipped(o) &&
      moneyOf(o).askedFor > 0 &&
      !decided &&
      'I4: shipped and refunded without a named person’s decision',
    o.order.cancel_reason === 'deadline' &&
      (fulfilled || started) &&
      'I4: the deadline and fulfillment both won',
    o.order.status === 'completed' && o.order.cancel_reason !== null && 'I4: completed and cancelled',
  ];
};

const isPerson = (call: { resolved_by: string | null }): boolean =>
  call.resolved_by !== null && !['workflow', 'gateway'].includes(call.resolved_by);

const doneInOrder = ['charge-payment', 'reserve-inventory', 'create-fulfillment-order'];

const order: Check = (o) => {
  const untouched = ['nothing_to_cancel', 'nothing_to_release', 'nothing_charged', 'charge_stopped'];
  const undone = o.log.filter((line) => !untouched.includes(line.outcome));
  const places = undone.map((line) => doneInOrder.indexOf(line.undoes));
  const times = o.log.map((line) => line.started_at);
  const did = (undoes: string): boolean =>
    o.log.some((line) => line.undoes === undoes && !untouched.includes(line.outcome) && line.finished_at);
  return [
    places.some((place, i) => place < 0 || (i > 0 && place >= (places[i - 1] ?? 0))) &&
      `I5: undone in the order ${o.log.map((line) => line.step).join(', ')}`,
    o.log.some((line, i) => line.seq !== i + 1) && 'I5: a line of the compensation log is missing',
    times.some((at, i) => i > 0 && at < (times[i - 1] ?? 0)) && 'I5: an undo began before the one before it',
    o.order.status === 'cancelled' &&
      (o.log.length < 2 || o.log.some((line) => line.finished_at === null)) &&
      'I5: cancelled before every undo was done',
    !['cancelling', 'cancelled'].includes(o.order.status) && o.log.length > 0 && 'I5: undone, not cancelled',
    did('create-fulfillment-order') && o.fulfillments.length === 0 && 'I5: undid a fulfillment never created',
    did('charge-payment') && moneyOf(o).charged === 0 && 'I5: refunded what was never charged',
  ];
};

/** Where an order waits for a date, or for a person who knows, without anybody being called. */
const resting: OrderStatus[] = ['awaiting_release', 'awaiting_pickup', 'in_transit'];

/**
 * Where the partner owes an answer. Its silence calls a person: to be seen here where that takes seconds, as in a chaos
 * run; with the two days of most tests in those of test/workflows/booking.test.ts that skip them.
 */
const awaitsPartner: OrderStatus[] = ['fulfillment_requested', 'cancellation_requested'];

const mayRest = ({ order: { status, policy } }: OrderFacts): boolean =>
  resting.includes(status) || (awaitsPartner.includes(status) && policy.partnerSilenceMs > MINUTE);

/** Somebody who can move the order on: neither the watch over its money nor the reconciler can. */
const isCalled = ({ attention }: OrderFacts): boolean =>
  attention.some(({ resolved_at: closed, reason }) => closed === null && isAboutOrder(reason));

export interface Exceptions {
  /** Runs that the test itself has terminated. */
  terminated?: (workflowId: string) => boolean;
  /** The build that carried the orders to where they are, when it is not the one under test. */
  code?: string;
}

const liveness =
  ({ terminated = () => false }: Exceptions): Check =>
  (o) => {
    const orderRun = o.runs.find((run) => run.type === 'order');
    const { status } = o.order;
    return [
      !isFinal(status) && !mayRest(o) && !isCalled(o) && `I6: ${status}, and nobody is called`,
      !isFinal(status) && orderRun?.status !== 'RUNNING' && `I6: ${status}, and its workflow does not run`,
      isFinal(status) &&
        orderRun?.status !== 'COMPLETED' &&
        `I6: ${status}, its workflow ${orderRun?.status}`,
      isFinal(status) &&
        o.commands.some((c) => c.answered_at === null) &&
        'I6: final, and a command was never answered',
      ...o.runs.map(
        (run) =>
          !['RUNNING', 'COMPLETED'].includes(run.status) &&
          !terminated(run.workflowId) &&
          `I6: ${run.workflowId} is ${run.status}`,
      ),
      ...o.runs.map(
        (run) => run.taskAttempts > 1 && `I6: ${run.workflowId} is stuck on a failing workflow task`,
      ),
    ];
  };

const truth: Check = (o) => {
  const open = o.attention.filter((call) => call.resolved_at === null);
  return [
    o.view.status !== o.order.status && `I7: the API says ${o.view.status}, the row ${o.order.status}`,
    o.snapshot.status !== o.order.status &&
      `I7: the workflow says ${o.snapshot.status}, the row ${o.order.status}`,
    (o.view.needsAttention !== null) !== open.length > 0 && 'I7: the API and the calls for a person disagree',
    o.order.status === 'cancelled' && o.order.cancel_reason === null && 'I7: cancelled without a reason',
    ['succeeded', 'disputed'].includes(o.payment.status) !== moneyOf(o).charged > 0 &&
      `I7: the payment is ${o.payment.status}, the ledger charged ${moneyOf(o).charged}`,
  ];
};

export function checkOrder(o: OrderFacts, exceptions: Exceptions = {}): string[] {
  return [money, once, oneWinner, order, liveness(exceptions), truth]
    .flatMap((check) => check(o))
    .filter((text) => typeof text === 'string')
    .map((text) => `${o.order.id}: ${text}`);
}

export function violations(facts: Facts, exceptions: Exceptions = {}): string[] {
  return [...facts.orders.flatMap((o) => checkOrder(o, exceptions)), ...facts.stock.flatMap(checkStock)];
}

/**
 * What is broken of I1 to I7, I9 and I12, over every order of a world or over some. What is still on its way may take
 * seconds; what is wrong stays wrong.
 */
export async function brokenInvariants(
  world: Observed,
  orderIds?: string[],
  exceptions: Exceptions = {},
  patienceMs = 60_000,
): Promise<string[]> {
  const until = Date.now() + patienceMs;
  let found: string[];
  do {
    found = await collectFacts(world, orderIds).then(
      (facts) => violations(facts, exceptions),
      (error: unknown) => [`the facts cannot be read: ${String(error)}`],
    );
    if (found.length > 0) await new Promise((resolve) => setTimeout(resolve, 200));
  } while (found.length > 0 && Date.now() < until);
  return [...found, ...(await replayEverything(world, orderIds, exceptions.code))];
}
