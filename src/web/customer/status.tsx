import type { ReactNode } from 'react';
import type { OrderStatus } from '../../domain/lifecycle.js';
import { cancelReasonTold, declineTold } from '../../domain/words.js';
import {
  askedToCancel,
  cancelIsKept,
  customerCancels,
  moneyBack,
  wasCharged,
  what,
  type OrderFacts,
} from './order-facts.js';
import { Moment } from './words.js';

type Tone = 'good' | 'wait' | 'bad';
interface Words {
  tone: Tone;
  title: string;
  text: (facts: OrderFacts) => ReactNode;
}

export const silence = ({ order, story }: OrderFacts): number =>
  (order.cancelRequestedAt ?? order.now) + story.policy.partnerSilenceMs;

const words: Record<OrderStatus, Words> = {
  payment_pending: {
    tone: 'wait',
    title: 'We are waiting for your bank',
    text: ({ order }) =>
      order.payment.status === 'unknown'
        ? 'Your bank has not given a clear answer yet. We keep asking until it does, and you are never charged twice. You need not do anything.'
        : 'We have your order and are asking your bank for the payment. This usually takes a few seconds.',
  },
  reserving: {
    tone: 'wait',
    title: 'Paid. We are setting yours aside',
    text: () => 'Your payment went through. We are reserving your unit now.',
  },
  awaiting_release: {
    tone: 'good',
    title: 'Your pre-order is confirmed',
    text: ({ order }) =>
      order.now < order.releaseAt ? (
        <>
          We have set {what(order)} aside for you, until the release on <Moment at={order.releaseAt} />. You
          need not do anything.
        </>
      ) : (
        <>The release has come, and we have set {what(order)} aside for you. We ship it next.</>
      ),
  },
  fulfillment_requested: {
    tone: 'good',
    title: 'We are getting it ready to ship',
    text: () => 'We have asked our delivery partner to collect your parcel.',
  },
  awaiting_pickup: {
    tone: 'good',
    title: 'Waiting to be picked up',
    text: () => 'Your parcel is booked with our delivery partner, who picks it up next.',
  },
  cancellation_requested: {
    tone: 'wait',
    title: 'We are trying to stop your parcel',
    text: (facts) => (
      <>
        {customerCancels(facts) && 'You asked to cancel. '}Your parcel is already with our delivery partner,
        so we asked them to stop it. If they can, {moneyBack(facts)}. If not, it ships, and you can send it
        back. We expect their answer by <Moment at={silence(facts)} />; without one, a person decides.
      </>
    ),
  },
  in_transit: {
    tone: 'good',
    title: 'It is on its way',
    text: () => 'Your parcel was picked up and is on its way to you.',
  },
  delivery_exception: {
    tone: 'bad',
    title: 'Something went wrong on the way',
    text: (facts) =>
      facts.order.cancelStands
        ? `A person is looking into what happened to your parcel. ${askedToCancel(facts)}: when it has come back to us or is declared lost, ${moneyBack(facts)}.`
        : `A person is looking into what happened to your parcel, and will have it moving again, ship it once more, or cancel the order: then ${moneyBack(facts)}. We are sorry.`,
  },
  returning: {
    tone: 'wait',
    title: 'It is coming back to us',
    text: (facts) =>
      facts.order.cancelStands
        ? `Your parcel is on its way back to us. ${askedToCancel(facts)}: when it is here, ${moneyBack(facts)}.`
        : `Your parcel could not be delivered and is on its way back to us. When it is here we ship it again, or cancel the order: then ${moneyBack(facts)}.`,
  },
  cancelling: {
    tone: 'wait',
    title: 'Your order is being cancelled',
    text: (facts) => <>{because(facts)} We are giving everything back, step by step; no step is skipped.</>,
  },
  completed: {
    tone: 'good',
    title: 'Delivered',
    text: () => 'Your order has arrived. Thank you for waiting with us.',
  },
  cancelled: {
    tone: 'wait',
    title: 'Your order is cancelled',
    text: (facts) => because(facts),
  },
  rejected: {
    tone: 'bad',
    title: 'The payment was declined',
    text: (facts) =>
      wasCharged(facts)
        ? 'Your bank declined the payment, and carried it out after all. Nothing was ordered, and the money goes back to you.'
        : `${declineTold(facts.order.payment.failureCode)} Nothing was ordered and nothing was charged.`,
  },
};

const because = ({ order }: OrderFacts): string =>
  order.cancelReason ? cancelReasonTold[order.cancelReason] : '';

export const headline = ({ order }: OrderFacts): string => words[order.status].title;

export function Status(facts: OrderFacts) {
  const { tone, title, text } = words[facts.order.status];
  return (
    <section className={`card status ${tone}`} aria-labelledby="status">
      <h1 id="status">{title}</h1>
      <p>{text(facts)}</p>
      <CancelNews {...facts} />
    </section>
  );
}

/** A cancel without an answer yet, and one that the partner could not carry out: said for as long as the order goes on. */
function CancelNews(facts: OrderFacts) {
  const { order } = facts;
  const goesOn: OrderStatus[] = ['fulfillment_requested', 'awaiting_pickup', 'in_transit', 'completed'];
  if (cancelIsKept(facts))
    return (
      <p>
        You asked to cancel. It is written down and will be carried out, but part of our system does not
        answer at this moment. You need not ask again: this page and a mail will say what came of it.
      </p>
    );
  if (order.cancelRequestedAt === null || !goesOn.includes(order.status)) return null;
  return (
    <p>
      {askedToCancel(facts)} on <Moment at={order.cancelRequestedAt} />, but the parcel could not be stopped
      any more. You can send it back instead.
    </p>
  );
}
