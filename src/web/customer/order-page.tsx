import { isFinal, isUndone } from '../../domain/lifecycle.js';
import { Layout, type Shell } from './layout.js';
import { MoneyBox } from './money.js';
import { mayChange, what, type OrderFacts } from './order-facts.js';
import { Parcel } from './parcel.js';
import { Promised } from './promise.js';
import { headline, Status } from './status.js';
import { Timeline } from './timeline.js';

/** Seconds. */
const LOOK_AGAIN = 10;

export function OrderPage({ shell, facts }: { shell: Shell; facts: OrderFacts }) {
  const { order } = facts;
  return (
    <Layout
      shell={shell}
      title={`${headline(facts)}: ${order.productName}`}
      opens
      {...(mayChange(facts) ? { refresh: LOOK_AGAIN } : {})}
    >
      <p className="about">
        <span>{what(order)}</span> <span className="mono">{order.orderId}</span>
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

function Cancel({ order }: OrderFacts) {
  if (order.status === 'rejected')
    return (
      <p>
        <a className="button" href={`/shop/${encodeURIComponent(order.sku)}`}>
          Try again with another card
        </a>
      </p>
    );
  if (isFinal(order.status) || order.status === 'cancelling' || order.status === 'cancellation_requested')
    return null;
  return (
    <p>
      <a className="button quiet" href={`/order/${order.orderId}/cancel`}>
        {order.status === 'in_transit' ? 'Cancel or send it back …' : 'Cancel this order …'}
      </a>
    </p>
  );
}
