import type { ReactNode } from 'react';
import type { OrderStatus } from '../../domain/lifecycle.js';
import { fullAmount as amount } from '../../domain/money.js';
import { atTheBankBy } from '../../domain/working-days.js';
import {
  askedToCancel,
  customerCancels,
  moneyDue,
  total,
  wasCharged,
  type OrderFacts,
} from './order-facts.js';
import { silence } from './status.js';
import { Day, Moment } from './words.js';

/** `now`: under way. `next`: not yet, and drawn dashed. */
interface Step {
  title: string;
  state: 'done' | 'now' | 'next' | 'failed';
  when?: ReactNode;
}

const moment = (at: number | null): { when?: ReactNode } => (at === null ? {} : { when: <Moment at={at} /> });

const byMoment = (at: number): ReactNode => (
  <>
    by <Moment at={at} />
  </>
);

export function stepsOf(facts: OrderFacts): Step[] {
  const { order } = facts;
  const undone = order.status === 'cancelling' || order.status === 'cancelled';
  const begun = [{ title: 'Ordered', state: 'done', ...moment(order.placedAt) } as const, paid(facts)];
  if (order.status === 'rejected') return begun;
  return undone ? [...begun, ...givingBack(facts)] : [...begun, ...goingOut(facts)];
}

function paid(facts: OrderFacts): Step {
  const { order, story } = facts;
  if (wasCharged(facts))
    return { title: `Paid ${amount(total(order))}`, state: 'done', ...moment(story.paidAt) };
  if (order.payment.status === 'failed') return { title: 'Payment declined', state: 'failed' };
  if (order.payment.status === 'canceled') return { title: 'Payment stopped', state: 'done' };
  return { title: 'Payment', state: 'now', when: 'waiting for your bank' };
}

/** How far along the way out each status is. */
const reached: Partial<Record<OrderStatus, number>> = {
  fulfillment_requested: 1,
  awaiting_pickup: 1,
  cancellation_requested: 1,
  in_transit: 2,
  delivery_exception: 2,
  returning: 2,
  completed: 3,
};

function goingOut(facts: OrderFacts): Step[] {
  const { order, story } = facts;
  const at = reached[order.status] ?? 0;
  const state = (mark: number): Step['state'] =>
    at > mark ? 'done' : at === mark && at > 0 ? 'now' : 'next';
  const trouble = order.status === 'delivery_exception' || order.status === 'returning';
  // Shipping early is possible: the release is then no step of this order's life.
  const release: Step[] =
    order.now < order.releaseAt && at > 0
      ? []
      : [
          {
            title: order.now < order.releaseAt ? 'Release' : 'Released',
            state: order.now < order.releaseAt ? 'next' : 'done',
            ...moment(order.releaseAt),
          },
        ];
  if (at === 0)
    return [
      ...release,
      { title: 'Ships', state: 'next', when: byMoment(order.deadlineAt) },
      { title: 'Delivered', state: 'next' },
    ];
  const ready: Step = {
    title: 'Getting ready to ship',
    state: state(1),
    ...moment(story.fulfillmentStartedAt),
  };
  if (order.status === 'cancellation_requested')
    return [...release, { ...ready, state: 'done' }, ...stopping(facts)];
  return [
    ...release,
    ready,
    {
      title: trouble ? 'Trouble on the way' : at > 2 ? 'Shipped' : 'On its way',
      state: trouble ? 'failed' : state(2),
      ...(at < 2 ? shipsBy(order) : moment(trouble ? order.updatedAt : story.pickedUpAt)),
    },
    { title: 'Delivered', state: at === 3 ? 'done' : 'next', ...moment(story.deliveredAt) },
  ];
}

/** A promise that has passed says nothing any more. */
const shipsBy = ({ now, deadlineAt }: OrderFacts['order']): { when?: ReactNode } =>
  now > deadlineAt ? {} : { when: byMoment(deadlineAt) };

const stopping = (facts: OrderFacts): Step[] => [
  { title: askedToCancel(facts), state: 'now', ...moment(facts.order.cancelRequestedAt) },
  { title: 'Stopped, or on its way', state: 'next', when: byMoment(silence(facts)) },
];

function givingBack(facts: OrderFacts): Step[] {
  const { order } = facts;
  const cancelled: Step =
    order.status === 'cancelled'
      ? { title: 'Cancelled', state: 'done', ...moment(order.updatedAt) }
      : { title: 'Being cancelled', state: 'now' };
  const asked: Step[] =
    order.cancelRequestedAt === null || !customerCancels(facts)
      ? []
      : [{ title: 'You asked to cancel', state: 'done', ...moment(order.cancelRequestedAt) }];
  return [...asked, ...refunds(facts), cancelled, ...arrivals(facts)];
}

function refunds(facts: OrderFacts): Step[] {
  const { story } = facts;
  if (story.refunds.length === 0) {
    const due = moneyDue(facts);
    const owed = wasCharged(facts) && due.amountMinor > 0;
    return owed ? [{ title: `Refund of ${amount(due)}`, state: 'next' }] : [];
  }
  return story.refunds.map((refund): Step => {
    const sum = amount(refund);
    const { status, requestedAt, settledAt } = refund;
    if (status === 'succeeded' || status === 'settled_outside')
      return { title: `Refund of ${sum} sent`, state: 'done', ...moment(settledAt ?? requestedAt) };
    if (status === 'failed' || status === 'canceled')
      return { title: `Refund of ${sum} came back to us`, state: 'failed' };
    return { title: `Refund of ${sum} on its way`, state: 'now', ...moment(requestedAt) };
  });
}

/** Nobody tells us when a bank shows it; past the day it should, this is no news any more. */
function arrivals({ order, story }: OrderFacts): Step[] {
  return story.refunds
    .filter(({ status }) => status === 'pending' || status === 'succeeded')
    .map(({ settledAt, requestedAt }) => atTheBankBy(settledAt ?? requestedAt))
    .filter((by) => order.now < by)
    .map((by) => ({
      title: 'The money is in your account',
      state: 'next',
      when: (
        <>
          by about <Day at={by} />
        </>
      ),
    }));
}

const said: Record<Step['state'], string> = {
  done: 'done',
  now: 'under way',
  next: 'still to come',
  failed: 'failed',
};

export function Timeline(facts: OrderFacts) {
  return (
    <section className="card" aria-labelledby="life">
      <h2 id="life">The life of your order</h2>
      <ol className="timeline">
        {stepsOf(facts).map(({ title, state, when }, index) => (
          <li key={index} className={state}>
            <span className="step">
              {title} <span className="unseen">({said[state]})</span>
            </span>
            {when && <span className="when">{when}</span>}
          </li>
        ))}
      </ol>
    </section>
  );
}
