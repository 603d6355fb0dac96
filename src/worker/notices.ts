import type { NoticeFacts, NoticeKind } from '../db/outbox.js';
import { RETURN_DAYS } from '../domain/cancel.js';
import { DAY, HOUR } from '../domain/deadline.js';
import type { CancelReason } from '../domain/lifecycle.js';
import { dayText, momentText } from '../domain/moment.js';
import { goesBackTold } from '../domain/goes-back.js';
import { fullAmount } from '../domain/money.js';
import { cancelReasonTold, declineTold } from '../domain/words.js';
import { atTheBankBy, banksTake } from '../domain/working-days.js';

type Said = [subject: string, text: string];

const what = ({ quantity, product }: NoticeFacts): string =>
  quantity === 1 ? product : `${quantity} × ${product}`;
const paid = (f: NoticeFacts): string => fullAmount(f);
const sum = (f: NoticeFacts, amountMinor: number): string => fullAmount({ ...f, amountMinor });
const told = (reason: unknown): string => cancelReasonTold[reason as CancelReason] ?? '';

/** What the order's page says, too. */
const bodies: Record<NoticeKind, (f: NoticeFacts) => Said> = {
  order_confirmed: (f) => [
    'Your pre-order is confirmed',
    `You paid ${paid(f)} for ${what(f)}, and we have set it aside for you. It is released on ` +
      `${momentText(f.releaseAt)} and ships by ${momentText(f.deadlineAt)}. If we have not started to ship it by then, ` +
      'we cancel the order and give you the full price back; you need not ask for it. Until we start, you can cancel ' +
      'at any time and get everything back.',
  ],
  payment_declined: (f) => [
    'Your payment was declined',
    `We could not take ${paid(f)} for ${what(f)}. ${declineTold(f.detail.code)} Nothing was charged and nothing was ` +
      'ordered. While it is open for pre-orders you can order it again, with another card.',
  ],
  order_cancelled: (f) => [
    'Your pre-order is cancelled',
    `Your order of ${what(f)} is cancelled. ${told(f.detail.reason)} ${moneyBack(f)}`,
  ],
  cancel_pending: (f) => [
    'We asked to stop your delivery',
    `${what(f)} is already with our delivery partner, so we asked them to stop it. If they can, ` +
      `${goesBackTold(f)}. If they cannot, it ships, and you can send it back within ${RETURN_DAYS} days of delivery. They have ` +
      `${Math.round(f.partnerSilenceMs / HOUR)} hours to answer; without an answer a person decides.`,
  ],
  cancel_refused: (f) => [
    'Your order will ship',
    `Our delivery partner could not stop ${what(f)} any more. It ships; you can send it back within ${RETURN_DAYS} ` +
      `days of delivery: ${goesBackTold(f)}.`,
  ],
  in_transit: (f) => [
    'Your order is on its way',
    `${what(f)} was picked up and is on its way to you.${f.trackingCode ? ` Tracking code: ${f.trackingCode}.` : ''} ` +
      'When it arrives you need not do anything; you can also tell us on the page of your order.',
  ],
  delivered: (f) => [
    'Your order was delivered',
    `${what(f)} was delivered. Thank you for waiting with us. You do not want to keep it, or something is wrong with ` +
      `it? You can send it back ${until(f)}. You do not have it at all? Tell us at once: answer this mail.`,
  ],
  delivery_exception: (f) => [
    'There is a problem with your delivery',
    f.detail.to === 'returning'
      ? `${what(f)} could not be delivered and is on its way back to us. When it is here we ship it again, or cancel the order: then ` +
        `${goesBackTold(f)}.`
      : `Something went wrong on the way with ${what(f)}. A person is looking into it, and will have it moving again, ` +
        `ship it once more, or cancel the order: then ${goesBackTold(f)}. We are sorry.`,
  ],
  refund_paid: (f) => [
    'Your refund was sent',
    `Your refund of ${sum(f, Number(f.detail.amountMinor))} was sent to the card you paid with. ` +
      arrival(Number(f.detail.at ?? f.refundAt)),
  ],
  refund_failed: (f) => ['Your refund did not arrive', returned(f)],
  // The proof of it is a number of our bank, and nothing to a customer.
  refund_settled: (f) => [
    'Your refund was paid another way',
    `We have paid you your refund of ${sum(f, Number(f.detail.amountMinor))}, in another way than to the card you paid ` +
      'with. You need not do anything. It has not come within a week? Answer this mail, and a person looks for it.',
  ],
  link_again: (f) => [
    'The link to your order',
    f.detail.corrected === true
      ? `We have corrected the e-mail address of your order of ${what(f)}: from now on our mails about it come here. ` +
        'You have ordered nothing? Then answer this mail, and a person sees to it.'
      : `You asked for the link to your order of ${what(f)} again. Was it not you? Then you need not do anything: it was ` +
        'sent to nobody but you.',
  ],
};

const arrival = (sentAt: number): string =>
  `Banks take ${banksTake} to show it: expect it by about ${dayText(atTheBankBy(sentAt))}.`;

function moneyBack(f: NoticeFacts): string {
  if (f.refundMinor === null || f.refundAt === null)
    return f.returnedMinor === null ? 'Nothing is left to pay back.' : returned(f);
  return `You get ${sum(f, f.refundMinor)} back, to the card you paid with. ${arrival(f.refundAt)}`;
}

const returned = (f: NoticeFacts): string =>
  `Your refund of ${sum(f, f.returnedMinor ?? f.amountMinor)} was returned by your bank. A person is seeing to it ` +
  'and will send it again or pay you another way. The money is yours and is not lost; you need not do anything.';

const until = ({ deliveredAt }: NoticeFacts): string =>
  deliveredAt === null ? `within ${RETURN_DAYS} days` : `until ${dayText(deliveredAt + RETURN_DAYS * DAY)}`;

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
    text: `Dear ${facts.name},\n\n${text}\n\nOrder ${facts.orderId}\n${link ? wayTo(link) : kind === 'link_again' ? withoutLink : ''}`,
  };
}

const withoutLink =
  '\nThe link of this order cannot be made any more. Answer this mail, and a person helps you.\n';

const wayTo = ({ page, code }: OrderLink): string =>
  `\nSee where it stands, and what you can do:\n${page}#${code}\n\nIf the page asks for your code: ${code}\n` +
  'Whoever has this link sees what you see there, and can do what you can do: keep it to yourself.\n';
