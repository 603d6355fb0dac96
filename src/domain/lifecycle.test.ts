import { describe, expect, it } from 'vitest';
import { attentionReasons, isResolution } from './attention.js';
import { cancelOutlook, settledCancelAnswer, startRefusal } from './cancel.js';
import {
  allowedActions,
  canFollow,
  finalStatuses,
  isFinal,
  isUndone,
  ledTo,
  orderStatuses,
  predecessors,
  transitions,
  type OrderStatus,
} from './lifecycle.js';

describe('the lifecycle table', () => {
  it('reaches every status from payment_pending', () => {
    const reached = new Set<OrderStatus>(['payment_pending']);
    for (const _ of orderStatuses) {
      for (const { from, to } of transitions) if (reached.has(from)) reached.add(to);
    }
    expect([...reached].sort()).toEqual([...orderStatuses].sort());
  });

  it('leads from every status to an end, and from an end nowhere', () => {
    for (const status of orderStatuses) {
      const next = transitions.filter(({ from }) => from === status);
      expect({ status, final: isFinal(status), exits: next.length > 0 }).toEqual({
        status,
        final: (finalStatuses as readonly string[]).includes(status),
        exits: !isFinal(status),
      });
    }
  });

  it('knows each step once, and both ways of asking agree', () => {
    const steps = transitions.map(({ from, to }) => `${from} ${to}`);
    expect(new Set(steps).size).toBe(steps.length);
    for (const from of orderStatuses) {
      for (const to of orderStatuses) {
        expect(canFollow(from, to)).toBe(predecessors(to).includes(from));
      }
    }
  });

  it('cancels only by way of its undo steps, and never what has been delivered', () => {
    expect(predecessors('cancelled')).toEqual(['cancelling']);
    expect(canFollow('in_transit', 'cancelling')).toBe(false);
    expect(predecessors('rejected')).toEqual(['payment_pending']);
  });

  it('never goes back behind the charge', () => {
    expect(predecessors('payment_pending')).toEqual([]);
    expect(predecessors('reserving')).toEqual(['payment_pending']);
    expect(predecessors('awaiting_release')).toEqual(['reserving']);
  });
});

describe('what a person may do', () => {
  it('nothing at an end, and resolve only while somebody is called', () => {
    for (const status of orderStatuses) {
      expect(allowedActions(status)).not.toContain('resolve');
      expect(allowedActions(status, true)).toContain('resolve');
      if (isFinal(status)) expect(allowedActions(status)).toEqual([]);
    }
  });

  it('cancel wherever asking changes something', () => {
    for (const status of orderStatuses) {
      const mayCancel = !isUndone(status) && cancelOutlook[status] !== 'rejected';
      expect({ status, cancel: allowedActions(status).includes('cancel') }).toEqual({
        status,
        cancel: mayCancel,
      });
    }
  });

  it('the default of each call is one of its actions', () => {
    for (const [reason, { actions, fallback }] of Object.entries(attentionReasons)) {
      expect(actions).toContain(fallback);
      expect(isResolution(reason as keyof typeof attentionReasons, fallback)).toBe(true);
      expect(isResolution(reason as keyof typeof attentionReasons, 'toString')).toBe(false);
    }
  });

  it('start fulfillment until the deadline itself, and only while waiting', () => {
    expect(startRefusal('awaiting_release', 1_000, 999)).toBeUndefined();
    expect(startRefusal('awaiting_release', 1_000, 1_000)).toBeUndefined();
    expect(startRefusal('awaiting_release', 1_000, 1_001)).toContain('has passed');
    for (const status of orderStatuses) {
      if (status !== 'awaiting_release') expect(startRefusal(status, 1_000, 0)).toContain(status);
    }
  });

  it('hear the truth about a cancel from the facts alone, or the workflow is asked', () => {
    const answers = Object.fromEntries(
      orderStatuses.map((status) => [status, settledCancelAnswer({ status, refund: null })?.answer ?? 'ask']),
    );
    expect(answers).toEqual({
      payment_pending: 'ask',
      reserving: 'ask',
      awaiting_release: 'ask',
      fulfillment_requested: 'ask',
      awaiting_pickup: 'ask',
      cancellation_requested: 'ask',
      delivery_exception: 'ask',
      returning: 'ask',
      in_transit: 'rejected',
      completed: 'rejected',
      rejected: 'rejected',
      cancelling: 'accepted',
      cancelled: 'accepted',
    });
  });
});

it('a life is followed along the steps of the table only', () => {
  expect(ledTo([])).toBeUndefined();
  expect(ledTo(['in_transit', 'completed'])).toBe('completed');
  expect(ledTo(['in_transit', 'completed', 'cancelled'])).toBe('completed');
  expect(ledTo(['in_transit', 'cancelled', 'completed'])).toBe('completed');
});
