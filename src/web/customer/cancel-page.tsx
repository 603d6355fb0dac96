import type { ReactNode } from 'react';
import { cancelOutlook, RETURN_DAYS, waitsForItem, type CancelOutlook } from '../../domain/cancel.js';
import { HOUR } from '../../domain/deadline.js';
import type { CommandAnswer } from '../../contract/api.js';
import { banksTake } from '../../domain/working-days.js';
import type { OrderStatus } from '../../domain/lifecycle.js';
import { Back, Layout, type Shell } from './layout.js';
import { MoneyBox } from './money.js';
import {
  cancelIsNoted,
  isDisputed,
  moneyBack,
  moneyDue,
  total,
  wasCharged,
  what,
  type OrderFacts,
} from './order-facts.js';
import { Write } from './parcel.js';
import { Amount } from './words.js';

/** Before anything is asked: what the answer will be, and what it means. A form sent twice, under its one key, asks once. */
export function CancelPage({ shell, facts, formKey }: { shell: Shell; facts: OrderFacts; formKey: string }) {
  const { order } = facts;
  const outlook = cancelOutlook[order.status];
  const done = order.status === 'cancelling' || order.status === 'cancelled';
  const asks = outlook !== 'rejected' && !done && !cancelIsNoted(order);
  return (
    <Layout shell={shell} title={`Cancel your order? ${order.productName}`}>
      <Back orderId={order.orderId} />
      <h1>{asks ? 'Cancel this order?' : 'Cancelling this order'}</h1>
      <section className="card">
        <p className="about">{what(order)}</p>
        {before(facts)}
        {asks && (
          <form method="post" action={`/order/${order.orderId}/cancel`} className="actions">
            <input type="hidden" name="key" value={formKey} />
            <button type="submit" className="danger">
              {yes[outlook]}
            </button>
            <a className="button quiet" href={`/order/${order.orderId}`}>
              No, keep it
            </a>
          </form>
        )}
      </section>
      {done && <MoneyBox {...facts} />}
    </Layout>
  );
}

const yes: Record<CancelOutlook, string> = {
  accepted: 'Yes, cancel my order',
  noted: 'Yes, cancel it when you can',
  pending_partner: 'Yes, try to stop it',
  rejected: '',
};

const fullPrice = ({ order }: OrderFacts): ReactNode => <Amount of={total(order)} />;
const banks = `Banks take ${banksTake} to show it.`;

function before(facts: OrderFacts): ReactNode {
  const { order, story } = facts;
  const hours = Math.round(story.policy.partnerSilenceMs / HOUR);
  const texts: Record<OrderStatus, ReactNode> = {
    payment_pending: (
      <p>
        Your payment is not confirmed yet. If you cancel now we stop it. Should it go through all the same,
        you get {fullPrice(facts)} back at once.
      </p>
    ),
    reserving: surely(facts),
    awaiting_release: surely(facts),
    fulfillment_requested: asking(facts, hours),
    awaiting_pickup: asking(facts, hours),
    cancellation_requested: (
      <p>
        You have asked already. Our delivery partner has {hours} hours to answer; without an answer a person
        decides.
      </p>
    ),
    in_transit: onItsWay(facts),
    delivery_exception: later(facts),
    returning: later(facts),
    cancelling: <p>This order is being cancelled already. You need not do anything.</p>,
    cancelled: <p>This order is cancelled already. You need not do anything.</p>,
    completed: (
      <p>
        It has been delivered, so there is nothing left to cancel. You can send it back within {RETURN_DAYS}{' '}
        days of delivery: {moneyBack(facts)}. <Write {...facts} />
      </p>
    ),
    rejected: <p>The payment was declined: nothing was ordered, and there is nothing to cancel.</p>,
  };
  return texts[order.status];
}

const surely = (facts: OrderFacts): ReactNode => (
  <p>
    If you cancel now, the order is cancelled at once{' '}
    {isDisputed(facts) ? (
      <>
        and {moneyBack(facts)}.
        {facts.story.disputeIsOpen && ' Should the bank return to us what it took, we refund you that, too.'}
      </>
    ) : (
      <>
        and you get the full price back: {fullPrice(facts)}, to the card you paid with. {banks}
      </>
    )}{' '}
    What we set aside for you goes to somebody else, and this cannot be taken back.
  </p>
);

const asking = (facts: OrderFacts, hours: number): ReactNode => (
  <p>
    Your order is already with our delivery partner. If you cancel now we ask them to stop it; we cannot
    promise that they can. If they can, {moneyBack(facts)}. If they cannot, it ships, and you can send it back
    within {RETURN_DAYS} days of delivery. They have {hours} hours to answer; without an answer a person
    decides.
  </p>
);

/** It is out of the warehouse, and not with the customer. */
const later = (facts: OrderFacts): ReactNode => (
  <p>
    {cancelIsNoted(facts.order)
      ? 'You need not ask again, the cancel is noted: '
      : 'If you cancel now, we take note of it, and nothing is cancelled yet: '}
    {promise(facts)}
  </p>
);

const promise = (facts: OrderFacts): ReactNode => (
  <>
    when the parcel{' '}
    {facts.order.status === 'returning' ? 'is here again' : 'has come back to us or is declared lost'},{' '}
    {moneyBack(facts)}. {moneyDue(facts).amountMinor > 0 && banks} Should it be delivered to you after all,
    you can send it back within {RETURN_DAYS} days.
  </>
);

const onItsWay = (facts: OrderFacts): ReactNode => (
  <p>
    It is on its way and cannot be stopped any more. Refuse it at the door, or send it back within{' '}
    {RETURN_DAYS} days of delivery: {moneyBack(facts)}. <Write {...facts} />
  </p>
);

export type Answer = Exclude<CommandAnswer['answer'], 'pending_approval'>;

const titles: Record<Answer, string> = {
  accepted: 'Your order is being cancelled',
  pending_partner: 'We have asked to stop your parcel',
  rejected: 'It cannot be cancelled any more',
  not_confirmed: 'We have your wish to cancel',
};

interface CancelledProps {
  shell: Shell;
  /** As they are now. */
  facts: OrderFacts;
  answer: Answer;
  message: string;
}

/** After: the true answer, whatever was shown before. */
export function CancelledPage({ shell, facts, answer, message }: CancelledProps) {
  const title = titleOf(facts.order.status, answer);
  return (
    <Layout shell={shell} title={title}>
      <Back orderId={facts.order.orderId} />
      <section className={`card status ${answer === 'rejected' ? 'bad' : 'wait'}`} aria-labelledby="answer">
        <h1 id="answer">{title}</h1>
        <p className="about">{what(facts.order)}</p>
        {after(facts, answer, message)}
      </section>
      {answer === 'accepted' && <MoneyBox {...facts} />}
      <p>
        <a className="button" href={`/order/${facts.order.orderId}`}>
          See your order
        </a>
      </p>
    </Layout>
  );
}

function titleOf(status: OrderStatus, answer: Answer): string {
  if (answer !== 'accepted') return titles[answer];
  if (status === 'cancelled') return 'Your order is cancelled';
  return waitsForItem(status) ? 'We have noted that you cancel' : titles.accepted;
}

function after(facts: OrderFacts, answer: Answer, message: string): ReactNode {
  switch (answer) {
    case 'accepted':
      if (waitsForItem(facts.order.status))
        return (
          <p>Nothing is cancelled yet: {promise(facts)} A mail will say so when the order is cancelled.</p>
        );
      return (
        <p>
          {wasCharged(facts)
            ? `What we set aside for you is free again, and ${moneyBack(facts)}. A mail confirms it.`
            : 'We stop the payment. Should it go through all the same, you get it back at once.'}
        </p>
      );
    case 'pending_partner':
      return (
        <p>
          Our delivery partner has been asked. If the parcel can be stopped, {moneyBack(facts)}. If not, it
          ships. You get a mail either way, and your order’s page shows it.
        </p>
      );
    case 'rejected':
      return cancelOutlook[facts.order.status] === 'rejected' ? before(facts) : <p>{message}</p>;
    case 'not_confirmed':
      return (
        <p>
          It is written down and will be carried out. Part of our system does not answer at this moment, so we
          cannot tell you the outcome yet. You need not send it again: your order’s page and a mail will say
          what came of it.
        </p>
      );
  }
}
