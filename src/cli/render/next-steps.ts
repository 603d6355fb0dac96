import type { OrderView } from '../../contract/api.js';
import { callsOf } from '../../contract/calls.js';
import { cancelOutlook, type CancelOutlook } from '../../domain/cancel.js';
import { isFinal, type OrderAction } from '../../domain/lifecycle.js';

export interface Step {
  command: string;
  why: string;
}

type Facts = Pick<
  OrderView,
  'orderId' | 'status' | 'allowedActions' | 'calls' | 'needsAttention' | 'now' | 'releaseDate'
>;

const why: Record<Exclude<OrderAction, 'resolve' | 'cancel'>, string> = {
  'start-fulfillment': 'give it to the partner',
  'item-picked': 'the partner has it',
  'confirm-delivery': 'it has arrived',
};

const whyCancel: Record<CancelOutlook, string> = {
  accepted: 'stop and refund it',
  pending_partner: 'ask the partner to stop it, then refund',
  noted: 'refund it once it is back or lost',
  rejected: '',
};

/** What can be done with the order now: the buttons of the console, as commands. */
export function nextSteps(order: Facts, development: boolean): Step[] {
  const { orderId, status } = order;
  const steps = order.allowedActions.flatMap((action) => {
    if (action === 'resolve') return resolutions(order);
    const effect = action === 'cancel' ? whyCancel[cancelOutlook[status]] : why[action];
    return [{ command: `${action} ${orderId}`, why: effect }];
  });
  if (development && status === 'awaiting_release')
    steps.push({ command: `fast-forward ${orderId} --to ${nextDate(order)}`, why: 'move its time' });
  if (!isFinal(status)) steps.push({ command: `watch ${orderId}`, why: 'follow it' });
  if (status === 'cancelling' || status === 'cancelled')
    steps.push({ command: `compensation-log ${orderId}`, why: 'what was undone' });
  if (status === 'rejected')
    steps.push({ command: 'place-order --payment-method pm_card_visa', why: 'try another card' });
  return steps;
}

const nextDate = ({ now, releaseDate }: Facts): string => (now < releaseDate ? 'release' : 'deadline');

function resolutions(order: Facts): Step[] {
  const { orderId } = order;
  const calls = callsOf(order);
  return calls.flatMap(({ reason, allowedActions, defaultAction }) =>
    allowedActions.map((action) => ({
      command: [
        `resolve ${orderId} --action ${action}`,
        ...(calls.length > 1 ? [`--reason ${reason}`] : []),
        ...(action === 'settle_outside' ? ['--reference proof'] : []),
      ].join(' '),
      why: action === defaultAction ? 'the default' : '',
    })),
  );
}
