import { RETURN_DAYS } from '../../domain/cancel.js';
import { DAY } from '../../domain/deadline.js';
import type { ShipmentStatus } from '../../domain/lifecycle.js';
import { countryName } from './countries.js';
import type { OrderFacts } from './order-facts.js';
import { Day, Moment } from './words.js';

const words: Record<ShipmentStatus, string> = {
  pre_transit: 'Not picked up yet',
  in_transit: 'On its way',
  out_for_delivery: 'Out for delivery: it should reach you today',
  available_for_pickup: 'Waiting for you at a pickup point',
  delivered: 'Delivered',
  failure: 'A delivery failed',
  return_to_sender: 'On its way back to us',
  cancelled: 'Stopped',
};

/** Where the parcel is, and what to do if that is not so. */
export function Parcel(facts: OrderFacts) {
  const { order, story } = facts;
  const { shipment, status } = order;
  const { street, city, zip, country } = story.shipTo;
  return (
    <section className="card" aria-labelledby="parcel">
      <h2 id="parcel">Delivery</h2>
      <dl className="facts">
        <dt>To</dt>
        <dd>
          {order.customerName}
          <br />
          {street}
          <br />
          {zip} {city}
          <br />
          {countryName(country)}
        </dd>
        {shipment && (
          <>
            <dt>Parcel</dt>
            <dd>
              {words[shipment.status]}
              {shipment.lastEventAt !== null && (
                <>
                  {' '}
                  (<Moment at={shipment.lastEventAt} />)
                </>
              )}
            </dd>
            {shipment.trackingCode && (
              <>
                <dt>Tracking code</dt>
                <dd className="mono">{shipment.trackingCode}</dd>
              </>
            )}
          </>
        )}
      </dl>
      {status === 'in_transit' && (
        <p>
          When it arrives you need not do anything: our delivery partner tells us. If it has arrived and this
          page does not say so, tell us. The tracking says delivered, and you have nothing?{' '}
          <Write {...facts} />
        </p>
      )}
      {order.allowedActions.includes('confirm-delivery') && (
        <p>
          <a
            className={status === 'in_transit' ? 'button' : 'button quiet'}
            href={`/order/${order.orderId}/received`}
          >
            It has arrived …
          </a>
        </p>
      )}
      {status === 'completed' && <Return {...facts} />}
    </section>
  );
}

export function Write({ contact, order }: Pick<OrderFacts, 'contact' | 'order'>) {
  return (
    <>
      Write to{' '}
      <a href={`mailto:${contact}?subject=${encodeURIComponent(`Order ${order.orderId}`)}`}>{contact}</a>.
    </>
  );
}

function Return(facts: OrderFacts) {
  const { deliveredAt } = facts.story;
  return (
    <p>
      You do not want to keep it, or something is wrong with it? You can send it back
      {deliveredAt === null ? (
        <> within {RETURN_DAYS} days</>
      ) : (
        <>
          {' '}
          until <Day at={deliveredAt + RETURN_DAYS * DAY} />
        </>
      )}
      . You do not have it at all? Tell us at once. <Write {...facts} />
    </p>
  );
}
