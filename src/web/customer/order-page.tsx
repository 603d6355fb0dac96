import { isFinal, isUndone, type OrderStatus } from '../../domain/lifecycle.js';
import { Layout, type Shell } from './layout.js';
import { MoneyBox } from './money.js';
import { cancelIsKept, cancelIsNoted, mayChange, what, type OrderFacts } from './order-facts.js';
import { Parcel } from './parcel.js';
import { Promised } from './promise.js';
import { headline, Status } from './status.js';
import { Timeline } from './timeline.js';

/** Seconds. */
const LOOK_AGAIN = 10;

/** Statuses that last moments, as a rule. */
const passing: OrderStatus[] = ['payment_pending', 'reserving', 'cancelling'];

export function OrderPage({ shell, facts }: { shell: Shell; facts: OrderFacts }) {
  const { order } = facts;
  return (
    <Layout
      shell={shell}
      title={`${headline(facts)}: ${order.productName}`}
      soon={passing.includes(order.status)}
      {...(mayChange(facts) ? { refresh: LOOK_AGAIN } : {})}
    >
      <p className="about">
        <span>{what(order)}</span>{' '}
        <span>
          Order <span className="mono">{order.orderId}</span>
        </span>
      </p>
      <Status {...facts} />
      {isUndone(order.status) && <MoneyBox {...facts} />}
      <Timeline {...facts} />
      <Promised {...facts} />
      {!isUndone(order.status) && <MoneyBox {...facts} />}
      {!isUndone(order.status) && <Parcel {...facts} />}
      <Cancel {...facts} />
    </Layout>
  );
}

function Cancel(facts: OrderFacts) {
  const { order } = facts;
  if (order.status === 'rejected')
    return (
      <p>
        <a className="button" href={`/shop/${encodeURIComponent(order.sku)}`}>
          Try again with another card
        </a>
      </p>
    );
  if (isFinal(order.status) || order.status === 'cancelling' || cancelIsNoted(order)) return null;
  if (cancelIsKept(facts)) return null;
  return (
    <p>
      <a className="button quiet" href={`/order/${order.orderId}/cancel`}>
        {order.status === 'in_transit' ? 'Cancel or send it back …' : 'Cancel this order …'}
      </a>
    </p>
  );
}
