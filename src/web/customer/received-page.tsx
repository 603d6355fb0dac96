import type { ReactNode } from 'react';
import { RETURN_DAYS } from '../../domain/cancel.js';
import type { OrderStatus } from '../../domain/lifecycle.js';
import type { Answer } from './cancel-page.js';
import { Back, Layout, type Shell } from './layout.js';
import { customerCancels, what, type OrderFacts } from './order-facts.js';
import { Write } from './parcel.js';
import { Moment } from './words.js';

interface ReceivedProps {
  shell: Shell;
  facts: OrderFacts;
}

/** Whether the customer's own word completes the order now. */
export const canConfirm = ({ order }: OrderFacts): boolean =>
  order.allowedActions.includes('confirm-delivery');

/** Before: what it means to say so. A form sent twice, under its one key, says it once. */
export function ReceivedPage({ shell, facts, formKey }: ReceivedProps & { formKey: string }) {
  const { order } = facts;
  const asks = canConfirm(facts);
  const title = asks ? 'Has it arrived?' : 'About its arrival';
  return (
    <Layout shell={shell} title={`${title} ${order.productName}`}>
      <Back orderId={order.orderId} />
      <h1>{title}</h1>
      <section className="card">
        <p className="about">{what(order)}</p>
        {asks ? <Meaning {...facts} /> : <p>{instead(facts)}</p>}
        {asks && (
          <form method="post" action={`/order/${order.orderId}/received`} className="actions">
            <input type="hidden" name="key" value={formKey} />
            <button type="submit">Yes, I have it</button>
            <a className="button quiet" href={`/order/${order.orderId}`}>
              Not yet
            </a>
          </form>
        )}
      </section>
    </Layout>
  );
}

function Meaning(facts: OrderFacts) {
  return (
    <>
      <p>
        Say so when you have it in your hands, all of it and undamaged. Your order is complete then, and you
        can still send it back within {RETURN_DAYS} days.
        {facts.order.cancelRequestedAt !== null &&
          customerCancels(facts) &&
          ' You asked to cancel it: if you would rather not keep it, send it back and get your money.'}
      </p>
      <p>
        It is damaged, or something is missing? Do not confirm it. <Write {...facts} />
      </p>
    </>
  );
}

function instead(facts: OrderFacts): ReactNode {
  const { order, story } = facts;
  const unlikely = (
    <>
      As far as we know it has not left us yet. You have a parcel all the same? <Write {...facts} />
    </>
  );
  const gone = (
    <>
      This order was given up, and we do not expect a parcel to reach you. You have one all the same?{' '}
      <Write {...facts} />
    </>
  );
  const underWay = <>You can say here that it has arrived.</>;
  const texts: Record<OrderStatus, ReactNode> = {
    payment_pending: unlikely,
    reserving: unlikely,
    awaiting_release: unlikely,
    fulfillment_requested: unlikely,
    awaiting_pickup: unlikely,
    cancellation_requested: unlikely,
    in_transit: underWay,
    delivery_exception: underWay,
    returning: (
      <>
        Our delivery partner is bringing it back to us. You have it all the same? <Write {...facts} />
      </>
    ),
    completed: (
      <>
        We know already
        {story.deliveredAt !== null && (
          <>
            : it was delivered on <Moment at={story.deliveredAt} />
          </>
        )}
        . Your order is complete.
      </>
    ),
    cancelling: gone,
    cancelled: gone,
    rejected: gone,
  };
  return texts[order.status];
}

/** After: what came of it. */
export function ReceivedAnswerPage({ shell, facts, answer }: ReceivedProps & { answer: Answer }) {
  const { order } = facts;
  const known = order.status === 'completed';
  const { tone, title, text } =
    answer === 'not_confirmed'
      ? {
          tone: 'wait',
          title: 'We have your word for it',
          text: 'It is written down and will be carried out. Part of our system does not answer at this moment; you need not send it again.',
        }
      : known || answer !== 'rejected'
        ? {
            tone: 'good',
            title: 'Thank you. Your order is complete',
            text: `Enjoy it. You can still send it back within ${RETURN_DAYS} days.`,
          }
        : { tone: 'bad', title: 'This could not be noted', text: instead(facts) };
  return (
    <Layout shell={shell} title={title}>
      <Back orderId={order.orderId} />
      <section className={`card status ${tone}`} aria-labelledby="answer">
        <h1 id="answer">{title}</h1>
        <p className="about">{what(order)}</p>
        <p>{text}</p>
      </section>
      <p>
        <a className="button" href={`/order/${order.orderId}`}>
          See your order
        </a>
      </p>
    </Layout>
  );
}
