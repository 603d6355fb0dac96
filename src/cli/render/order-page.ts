import type { OrderView } from '../../contract/api.js';
import { callsOf } from '../../contract/calls.js';
import { isFinal, type OrderStatus } from '../../domain/lifecycle.js';
import { formatDuration, HOUR } from '../../domain/deadline.js';
import type { Output, Paint } from '../output.js';
import { money, withCode } from './money.js';
import { stageBar } from './stages.js';
import { distance, fields, instant, plural, wrap } from './text.js';
import { cancelReasonWords, deadlineStands, refundWords, statusWords } from '../../domain/words.js';

export type Look = Pick<Output, 'paint' | 'columns'>;

export function paintStatus(status: OrderStatus, paint: Paint): string {
  switch (status) {
    case 'completed':
      return paint.green(status);
    case 'cancelled':
    case 'rejected':
      return paint.red(status);
    case 'delivery_exception':
    case 'returning':
    case 'cancelling':
    case 'cancellation_requested':
      return paint.yellow(status);
    case 'payment_pending':
    case 'reserving':
    case 'awaiting_release':
    case 'fulfillment_requested':
    case 'awaiting_pickup':
    case 'in_transit':
      return paint.cyan(status);
  }
}

/** Id and status, what the status means, and the five phases. */
export function orderHead(order: OrderView, { paint, columns }: Look): string {
  return [
    `${paint.bold(order.orderId)}  ${paint.bold(paintStatus(order.status, paint))}`,
    ...wrap(statusWords[order.status], columns),
    stageBar(order, paint),
  ].join('\n');
}

/** Everything about one order. */
export function orderPage(order: OrderView, look: Look, more: [string, string][] = []): string {
  const parts = [orderHead(order, look)];
  parts.push(...callsOf(order).map((call) => attentionBlock(call, look)));
  parts.push(fields([...rows(order, look.paint), ...more], look.columns));
  return parts.join('\n\n');
}

type Call = Omit<NonNullable<OrderView['needsAttention']>, 'reason'> & { reason: string };

export function attentionBlock(call: Call, look: Look): string {
  const { paint, columns } = look;
  const [first = '', ...rest] = wrap(`${call.text}.`, columns - 2);
  const lines = [
    `${paint.yellow('!')} ${paint.bold(first)}`,
    ...rest,
    ...wrap(
      `${call.reason}: needs a person since ${instant(call.since)}, until ${instant(call.dueAt)}.`,
      columns - 2,
    ),
    ...wrap(`Possible: ${call.allowedActions.join(', ')}. Default: ${call.defaultAction}.`, columns - 2),
  ];
  return lines.map((line, i) => (i === 0 ? line : `  ${line}`)).join('\n');
}

function rows(order: OrderView, paint: Paint): [string, string | undefined][] {
  const none = paint.dim('none');
  return [
    ['Product', `${order.quantity} × ${order.productName} (${order.sku})`],
    ['Amount', withCode(order.amountText, order.currency)],
    ['Payment', payment(order)],
    ['Reservation', `${order.reservation.status}, ${plural(order.reservation.quantity, 'unit')}`],
    ['Fulfillment', fulfillment(order) ?? none],
    ['Shipment', shipment(order) ?? none],
    ['Refund', refund(order) ?? none],
    ['Cancelled', cancelled(order)],
    ['Placed', instant(order.placedAt)],
    [
      'Release date',
      instant(order.releaseDate) +
        (isFinal(order.status) ? '' : `, ${distance(order.releaseDate, order.now)}`),
    ],
    ['Deadline', instant(order.deadline) + (!deadlineStands(order.status) ? '' : `, ${timeLeft(order)}`)],
    ['Order clock', movedClock(order)],
  ];
}

export function timeLeft({ timeLeftMs }: Pick<OrderView, 'timeLeftMs'>): string {
  return timeLeftMs >= 0 ? `${formatDuration(timeLeftMs)} left` : `passed ${formatDuration(timeLeftMs)} ago`;
}

function payment({ payment: { status, failureCode, gatewayId } }: OrderView): string {
  return [status + (failureCode ? ` (${failureCode})` : ''), gatewayId].filter(Boolean).join(', ');
}

function fulfillment({ fulfillment: f }: OrderView): string | undefined {
  if (!f) return undefined;
  return [f.status, f.attempt > 1 ? `attempt ${f.attempt}` : '', f.partnerId].filter(Boolean).join(', ');
}

function shipment({ shipment: s }: OrderView): string | undefined {
  if (!s) return undefined;
  const parts = [
    s.status,
    s.trackingCode && `tracking code ${s.trackingCode}`,
    s.reminders > 0 && `${plural(s.reminders, 'reminder')} sent`,
    s.lastEventAt && `last event ${instant(s.lastEventAt)}`,
  ];
  return parts.filter(Boolean).join(', ');
}

function refund({ refund: r }: OrderView): string | undefined {
  if (!r) return undefined;
  const words = refundWords[r.status as keyof typeof refundWords];
  const done = r.status === 'succeeded' || r.status === 'settled_outside';
  const when = r.settledAt
    ? `${done ? 'settled' : 'since'} ${instant(r.settledAt)}`
    : `requested ${instant(r.requestedAt)}`;
  return [`${r.status} (${words})`, money(r.amount, r.currency), r.gatewayId, when]
    .filter(Boolean)
    .join(', ');
}

function cancelled({ cancelReason, cancelRequestedAt }: OrderView): string | undefined {
  const requested = cancelRequestedAt ? `requested ${instant(cancelRequestedAt)}` : '';
  if (!cancelReason) return requested || undefined;
  const reason = `${cancelReason} (${cancelReasonWords[cancelReason]})`;
  return [reason, requested].filter(Boolean).join(', ');
}

/** Shown only where time was fast-forwarded; an hour is beyond what two computers' clocks differ by. */
function movedClock({ now }: OrderView): string | undefined {
  return Date.parse(now) - Date.now() > HOUR ? `${instant(now)} (fast-forwarded)` : undefined;
}
