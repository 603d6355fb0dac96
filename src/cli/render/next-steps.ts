import type { OrderView } from '../../contract/api.js';
import { isFinal, type OrderAction } from '../../domain/lifecycle.js';

export interface Step {
  command: string;
  why: string;
}

type Facts = Pick<
  OrderView,
  'orderId' | 'status' | 'allowedActions' | 'needsAttention' | 'now' | 'releaseDate'
>;

const why: Record<Exclude<OrderAction, 'resolve'>, string> = {
  'start-fulfillment': 'give it to the partner',
  cancel: 'stop and refund it',
  'item-picked': 'the partner has it',
  'confirm-delivery': 'it has arrived',
};

/** What can be done with the order now: the buttons of the console, as commands. */
export function nextSteps(order: Facts, development: boolean): Step[] {
  const { orderId, status } = order;
  const steps = order.allowedActions
    // Asking again would only give the same answer again.
    .filter((action) => !(action === 'cancel' && (status === 'cancelling' || status === 'cancelled')))
    .flatMap((action) =>
      action === 'resolve' ? resolutions(order) : [{ command: `${action} ${orderId}`, why: why[action] }],
    );
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

function resolutions({ orderId, needsAttention }: Facts): Step[] {
  return (needsAttention?.allowedActions ?? []).map((action) => ({
    command: `resolve ${orderId} --action ${action}${action === 'settle_outside' ? ' --reference proof' : ''}`,
    why: action === needsAttention?.defaultAction ? 'the default' : '',
  }));
}
