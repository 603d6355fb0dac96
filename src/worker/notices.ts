import { formatMoney } from '../domain/money.js';
import type { NoticeFacts, NoticeKind } from '../db/outbox.js';

const dayFormat = new Intl.DateTimeFormat('en-US', {
  timeZone: 'UTC',
  year: 'numeric',
  month: 'long',
  day: 'numeric',
});
const day = (ms: number): string => dayFormat.format(ms);

const bodies: Record<NoticeKind, (f: NoticeFacts) => [subject: string, text: string]> = {
  order_confirmed: (f) => [
    'Your pre-order is confirmed',
    `You paid ${formatMoney(f)} for ${f.quantity} × ${f.product}. It is released on ${day(f.releaseAt)} and ships by ` +
      `${day(f.deadlineAt)}. If it does not, the order is cancelled and you get the full price back. You can cancel any ` +
      'time before it ships.',
  ],
  payment_declined: (f) => [
    'Your payment was declined',
    `The payment of ${formatMoney(f)} for ${f.product} was declined. Nothing was charged and nothing was ordered.`,
  ],
  order_cancelled: (f) => [
    'Your pre-order is cancelled',
    `Your order of ${f.quantity} × ${f.product} is cancelled (${String(f.detail.reason)}). What was charged, ` +
      `${formatMoney(f)}, goes back to the same means of payment.`,
  ],
  cancel_pending: (f) => [
    'We asked to stop your delivery',
    `You asked to cancel ${f.product}. It is already with the delivery partner; we asked whether it can still be stopped.`,
  ],
  cancel_refused: (f) => [
    'Your order will ship',
    `The delivery partner could not stop ${f.product} any more. It will ship; you can send it back within 14 days.`,
  ],
  in_transit: (f) => ['Your order is on its way', `${f.product} was picked up by the delivery partner.`],
  delivered: (f) => [
    'Your order was delivered',
    `${f.product} was delivered. Thank you for waiting with us.`,
  ],
  delivery_exception: (f) => [
    'There is a problem with your delivery',
    `Something went wrong on the way with ${f.product}. A person is looking at it and will decide what to do.`,
  ],
  refund_paid: (f) => [
    'Your refund was paid',
    `The refund of ${formatMoney({ ...f, amountMinor: Number(f.detail.amountMinor) })} was paid out to your means of payment.`,
  ],
  refund_failed: (f) => [
    'Your refund did not arrive',
    `The refund of ${formatMoney(f)} failed at the payment provider. A person is looking at it; you need not do anything.`,
  ],
};

/** The way to an order's page: `code` opens it, and stands in the link's fragment, which no server and no Referer sees. */
export interface OrderLink {
  page: string;
  code: string;
}

export function writeNotice(
  kind: NoticeKind,
  facts: NoticeFacts,
  link: OrderLink | undefined,
): { subject: string; text: string } {
  const [subject, text] = bodies[kind](facts);
  return {
    subject: `${subject} (${facts.orderId})`,
    text: `Dear ${facts.name},\n\n${text}\n\nOrder ${facts.orderId}\n${link ? wayTo(link) : ''}`,
  };
}

const wayTo = ({ page, code }: OrderLink): string =>
  `\nSee where it stands, or cancel it:\n${page}#${code}\n\nIf the page asks for your code: ${code}\n` +
  'Whoever has this link can see and cancel your order: keep it to yourself.\n';
