import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkOrder, violations } from '../support/checks.js';
import { collectFacts, type Facts, type OrderFacts } from '../support/facts.js';
import { assertInvariants } from '../support/invariants.js';
import { createWorld, type World } from '../support/world.js';

/** The checkers are only worth something if they bite: each breaks a copy of healthy facts, and must see it. */

let world: World;
let healthy: Facts;
const ids: Record<'waiting' | 'completed' | 'cancelled' | 'rejected', string> = {
  waiting: '',
  completed: '',
  cancelled: '',
  rejected: '',
};

beforeAll(async () => {
  world = await createWorld();
  const sku = await world.addProduct();
  const place = async (paymentMethod = 'pm_card_visa') =>
    (await world.place({ sku, paymentMethod })).body.orderId;
  [ids.waiting, ids.completed, ids.cancelled, ids.rejected] = await Promise.all([
    place(),
    place(),
    place(),
    place('pm_card_chargeDeclined'),
  ]);
  await world.command(ids.completed, 'start-fulfillment');
  await world.untilStatus(ids.completed, 'awaiting_pickup');
  await world.command(ids.completed, 'item-picked');
  await world.command(ids.completed, 'confirm-delivery');
  await world.command(ids.cancelled, 'cancel');
  await world.untilStatus(ids.cancelled, 'cancelled');
  await assertInvariants(world);
  healthy = await collectFacts(world);
});
afterAll(() => world.close());

function broken(which: keyof typeof ids, breakIt: (o: OrderFacts) => void): string {
  const o = structuredClone(healthy.orders.find(({ order }) => order.id === ids[which]));
  if (!o) throw new Error(`no ${which} order`);
  expect(checkOrder(o)).toEqual([]);
  breakIt(o);
  return checkOrder(o).join('\n');
}

const first = <T>(rows: T[]): T => {
  if (rows[0] === undefined) throw new Error('nothing to break');
  return rows[0];
};

describe('the invariants bite', () => {
  it('is quiet about healthy facts', () => expect(violations(healthy)).toEqual([]));

  it('I1: money', () => {
    expect(broken('completed', (o) => (first(o.gateway).charges = 2))).toContain('charged 2 times');
    expect(broken('completed', (o) => (first(o.gateway).chargedMinor += 1))).toContain('I1: ledger charged');
    expect(broken('completed', (o) => (o.ledger = o.ledger.slice(1)))).toContain('out of balance');
    expect(broken('completed', (o) => (first(o.ledger).currency = 'EUR'))).toContain('no integer');
    expect(
      broken('completed', (o) => (o.ledger = o.ledger.filter((e) => e.operation !== 'delivery'))),
    ).toContain('completed, earned 0');
    const unrefunded = broken('cancelled', (o) => {
      o.ledger = o.ledger.filter((entry) => entry.operation !== 'refund');
      o.gateway.forEach((book) => Object.assign(book, { refunds: [], refundedMinor: 0 }));
    });
    expect(unrefunded).toContain('neither refunded nor watched');
    const twice = broken('cancelled', (o) => {
      const book = first(o.gateway);
      book.refundedMinor *= 2;
      book.refunds.push({ ...first(book.refunds), id: 're_again' });
    });
    expect(twice).toContain('exceed the charge');
    expect(broken('waiting', (o) => (o.ledger = []))).toContain('awaiting_release, charged 0');
    const refund = (byHand: boolean) => (o: OrderFacts) =>
      first(o.gateway).refunds.push({ id: 're_new', amountMinor: 1, status: 'succeeded', byHand });
    expect(broken('waiting', refund(true))).toBe('');
    expect(broken('waiting', refund(false))).toContain('I1: ledger refunded 0, gateway 1');
    expect(broken('cancelled', refund(true))).toContain('I1: ledger refunded');
  });

  it('I2: stock', () => {
    const copy = structuredClone(healthy);
    first(copy.stock).product.reserved += 1;
    expect(violations(copy).join()).toContain('its rows say');
    const oversold = structuredClone(healthy);
    first(oversold.stock).product.capacity = 1;
    expect(violations(oversold).join()).toContain('I2');
  });

  it('I3: once', () => {
    expect(broken('cancelled', (o) => (o.reservation.status = 'reserved'))).toContain('I3');
    expect(broken('cancelled', (o) => (o.reservation.status = 'consumed'))).toContain('I3');
    expect(broken('completed', (o) => (o.reservation.status = 'released'))).toContain('I3');
    expect(broken('rejected', (o) => (o.reservation.status = 'held'))).toContain('I3');
  });

  it('I4: one winner', () => {
    expect(broken('cancelled', (o) => (o.reservation.status = 'consumed'))).toContain('I4: shipped');
    const both = broken('cancelled', (o) => {
      o.order.cancel_reason = 'deadline';
      o.commands.push({ ...first(o.commands), kind: 'start-fulfillment', outcome: 'accepted' });
    });
    expect(both).toContain('I4: the deadline');
  });

  it('I5: order', () => {
    const swapped = broken('cancelled', (o) => {
      const [a, b] = o.log;
      if (a && b) [a.undoes, b.undoes] = [b.undoes, a.undoes];
    });
    expect(swapped).toContain('I5: undone in the order');
    expect(broken('cancelled', (o) => o.log.shift())).toContain('I5');
    expect(broken('cancelled', (o) => (first(o.log).finished_at = null))).toContain('before every undo');
    expect(broken('waiting', (o) => (o.log = healthy.orders.flatMap((h) => h.log)))).toContain(
      'not cancelled',
    );
  });

  it('I6: liveness', () => {
    expect(broken('waiting', (o) => (first(o.runs).status = 'TERMINATED'))).toContain('I6');
    expect(broken('waiting', (o) => (first(o.runs).taskAttempts = 2))).toContain('failing workflow task');
    expect(broken('waiting', (o) => (o.order.status = 'delivery_exception'))).toContain('nobody is called');
    const called = (o: OrderFacts, reason: 'undo_failing' | 'disputed' | 'does_not_reconcile'): void => {
      o.order.status = 'cancelling';
      const times = { since: 0, due_at: 0, resolved_at: null, resolved_by: null, resolution: null };
      o.attention.push({ ...times, id: 1, order_id: o.order.id, reason });
    };
    const stuck = 'cancelling, and nobody is called';
    expect(broken('waiting', (o) => called(o, 'undo_failing'))).not.toContain(stuck);
    expect(broken('waiting', (o) => called(o, 'disputed'))).toContain(stuck);
    expect(broken('waiting', (o) => called(o, 'does_not_reconcile'))).toContain(stuck);
    const unanswered = (silence: number) => (o: OrderFacts) => {
      o.order.status = 'cancellation_requested';
      o.order.policy.partnerSilenceMs = silence;
    };
    expect(broken('waiting', unanswered(20_000))).toContain('nobody is called');
    expect(broken('waiting', unanswered(48 * 3_600_000))).not.toContain('nobody is called');
    expect(broken('completed', (o) => (first(o.runs).status = 'RUNNING'))).toContain('I6');
  });

  it('I7: truth', () => {
    expect(broken('waiting', (o) => (o.snapshot.status = 'cancelled'))).toContain('I7: the workflow says');
    expect(broken('waiting', (o) => (o.view.status = 'completed'))).toContain('I7: the API says');
    expect(broken('completed', (o) => (o.payment.status = 'unknown'))).toContain('I7: the payment is');
  });
});
