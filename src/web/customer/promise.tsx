import type { OrderStatus } from '../../domain/lifecycle.js';
import { isDisputed, mayAskToCancel, moneyBack, type OrderFacts } from './order-facts.js';
import { Moment } from './words.js';

const beforeStart: OrderStatus[] = ['payment_pending', 'reserving', 'awaiting_release'];
const beforePickup: OrderStatus[] = ['fulfillment_requested', 'awaiting_pickup'];

/** What was promised, and what happens if it slips; until the item has left us. */
export function Promised(facts: OrderFacts) {
  const { order } = facts;
  const { status, releaseAt, deadlineAt, now } = order;
  if (!beforeStart.includes(status) && !beforePickup.includes(status)) return null;
  const isLate = now > deadlineAt;
  return (
    <section className="card" aria-labelledby="promise">
      <h2 id="promise">Our promise</h2>
      <p>
        Released on <Moment at={releaseAt} />, ships by <Moment at={deadlineAt} />.
      </p>
      {beforeStart.includes(status) ? (
        <p>
          If we have not started to ship it by then, we cancel the order
          {isDisputed(facts) ? `, and ${moneyBack(facts)}` : ' and give you the full price back'}. You need
          not ask for it.
        </p>
      ) : (
        <p>
          {isLate
            ? 'It should have left us by now, and we are sorry. A person is seeing to it.'
            : 'If it has not left us by then, a person sees to it.'}{' '}
          {mayAskToCancel(facts) &&
            (isLate
              ? 'If you would rather not wait, cancel: we ask our delivery partner to stop it.'
              : 'You can still ask us to cancel.')}
        </p>
      )}
    </section>
  );
}
