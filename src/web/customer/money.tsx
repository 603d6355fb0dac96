import type { RefundFact } from '../../domain/order.js';
import { atTheBankBy, banksTake } from '../../domain/working-days.js';
import { isUndone } from '../../domain/lifecycle.js';
import { isDisputed, moneyDue, total, wasCharged, type OrderFacts } from './order-facts.js';
import { Amount, Day, Moment } from './words.js';

/** What was paid, what comes back, and when it will be there. */
export function MoneyBox(facts: OrderFacts) {
  return (
    <section className="card" aria-labelledby="money">
      <h2 id="money">Your money</h2>
      <p>
        <Paid {...facts} />
      </p>
      {facts.story.refunds.map((refund) => (
        <p key={refund.id} className={`refund ${refund.status}`}>
          <Refund refund={refund} facts={facts} />
        </p>
      ))}
      <Owed {...facts} />
    </section>
  );
}

function Paid(facts: OrderFacts) {
  const { order, story } = facts;
  const due = moneyDue(facts);
  if (!isDisputed(facts) && wasCharged(facts))
    return (
      <>
        You paid <Amount of={total(order)} />
        {story.paidAt !== null && (
          <>
            {' '}
            on <Moment at={story.paidAt} />
          </>
        )}
        .
      </>
    );
  switch (order.payment.status) {
    case 'processing':
    case 'unknown':
      return (
        <>
          To pay: <Amount of={total(order)} />. Your bank has not confirmed it yet.
        </>
      );
    case 'succeeded':
    case 'failed':
      return (
        <>
          Nothing was charged. The order was for <Amount of={total(order)} />.
        </>
      );
    case 'canceled':
      return <>Nothing was charged: the payment was stopped.</>;
    case 'disputed':
      return (
        <>
          You paid <Amount of={total(order)} />, and your bank has taken{' '}
          {due.amountMinor === 0 ? 'it' : <Amount of={{ ...due, amountMinor: story.disputedMinor }} />} back
          at your request.{' '}
          {story.disputeIsOpen
            ? 'We are clearing this up with your bank.'
            : 'It has decided that the money stays with you.'}
        </>
      );
  }
}

function Refund({ refund, facts: { order, contact } }: { refund: RefundFact; facts: OrderFacts }) {
  const money = <Amount of={refund} />;
  const at = refund.settledAt ?? refund.requestedAt;
  const by = atTheBankBy(at);
  switch (refund.status) {
    case 'pending':
      return (
        <>
          Your refund of {money} is on its way, since <Moment at={at} />.{' '}
          {order.now < by ? (
            <>
              Banks take {banksTake}: expect it by about <Day at={by} />. You need not do anything.
            </>
          ) : (
            <>That is longer than usual, and a person is asking the bank. You need not do anything.</>
          )}
        </>
      );
    case 'succeeded':
      return (
        <>
          Your refund of {money} was sent to the card you paid with on <Moment at={at} />.{' '}
          {order.now < by ? (
            <>
              Banks take {banksTake} to show it: it should be there by <Day at={by} />.
            </>
          ) : (
            <>
              It should have been there by <Day at={by} />. You do not see it? Write to {contact}.
            </>
          )}
        </>
      );
    case 'requires_action':
      return (
        <>
          Your refund of {money} needs something from you: your bank asks you to confirm where it goes. Please
          look into your mail, or write to {contact}.
        </>
      );
    case 'failed':
    case 'canceled':
      return (
        <>
          Your refund of {money} was returned by your bank. A person is seeing to it and will send it again or
          pay you another way. The money is yours and is not lost; you need not do anything.
        </>
      );
    case 'settled_outside':
      return (
        <>
          Your refund of {money} was paid to you another way on <Moment at={at} />.
        </>
      );
  }
}

/** Between the cancel and the refund's own row, and while a charge may still land. */
function Owed(facts: OrderFacts) {
  const { order, story } = facts;
  if (!isUndone(order.status) || order.status === 'rejected' || story.refunds.length > 0) return null;
  const due = moneyDue(facts);
  if (due.amountMinor === 0 || order.payment.status === 'canceled') return null;
  if (!wasCharged(facts))
    return <p>We are stopping the payment. Should it go through all the same, you get it back at once.</p>;
  return (
    <p>
      You get <Amount of={due} /> back, to the card you paid with. We are sending it now.
    </p>
  );
}
