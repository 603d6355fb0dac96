import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { OperatorOrder } from '../../../../contract/api.js';
import { deliveryWorkflowId } from '../../../../domain/identity.js';
import type { RefundStatus } from '../../../../domain/lifecycle.js';
import { cancelReasonWords, refundWords } from '../../../../domain/words.js';
import { useSession } from '../../app/session-context.js';
import { FactBadge } from '../../ui/badge.js';
import { Card, Code, Facts } from '../../ui/card.js';
import { countText, moneyText, words } from '../../ui/format.js';
import { Ago, Instant } from '../../ui/time.js';

/** Money, stock and shipment, each with what others call it by. */
export function FactCards({ order }: { order: OperatorOrder }) {
  return (
    <>
      <OrderCard order={order} />
      <MoneyCard order={order} />
      <GoodsCard order={order} />
    </>
  );
}

function OrderCard({ order }: { order: OperatorOrder }) {
  const { customer, cancelReason } = order;
  return (
    <Card title="Order" aside={<TemporalLinks order={order} />}>
      <Facts
        rows={[
          ['Customer', customer && `${customer.name}, ${customer.email}`],
          [
            'Deliver to',
            customer?.address &&
              `${customer.address.street}, ${customer.address.zip} ${customer.address.city}, ${customer.address.country}`,
          ],
          [
            'Product',
            <>
              {order.quantity} × {order.productName} (
              <Link to="/orders" search={{ sku: order.sku }} className="underline">
                {order.sku}
              </Link>
              )
            </>,
          ],
          ['Amount', moneyText(order.amount, order.currency)],
          ['Placed', <Instant at={order.placedAt} />],
          ['Release', <When at={order.releaseDate} order={order} />],
          ['Deadline', <When at={order.deadline} order={order} />],
          ['Cancelled', cancelReason && `${cancelReason}: ${cancelReasonWords[cancelReason]}`],
          ['Cancel asked', order.cancelRequestedAt && <Instant at={order.cancelRequestedAt} />],
        ]}
      />
    </Card>
  );
}

const When = ({ at, order }: { at: string; order: OperatorOrder }) => (
  <>
    <Instant at={at} /> (<Ago at={at} clock={order.now} />)
  </>
);

function MoneyCard({ order }: { order: OperatorOrder }) {
  const { payment, refund } = order;
  return (
    <Card title="Payment">
      <Facts
        rows={[
          [
            'Payment',
            <State state={payment.status} more={payment.failureCode && words(payment.failureCode)} />,
          ],
          ['Gateway id', payment.gatewayId && <Code>{payment.gatewayId}</Code>],
          [
            'Refund',
            refund && <State state={refund.status} more={refundWords[refund.status as RefundStatus]} />,
          ],
          ['Refund of', refund && moneyText(refund.amount, refund.currency)],
          ['Refund id', refund?.gatewayId && <Code>{refund.gatewayId}</Code>],
          ['Requested', refund && <Instant at={refund.requestedAt} />],
          ['Settled', refund?.settledAt && <Instant at={refund.settledAt} />],
        ]}
      />
    </Card>
  );
}

function GoodsCard({ order }: { order: OperatorOrder }) {
  const { reservation, fulfillment, shipment } = order;
  return (
    <Card title="Stock and delivery">
      <Facts
        rows={[
          [
            'Reservation',
            <State state={reservation.status} more={countText(reservation.quantity, 'unit')} />,
          ],
          [
            'Fulfillment',
            fulfillment ? (
              <State
                state={fulfillment.status}
                more={fulfillment.attempt > 1 ? `attempt ${fulfillment.attempt}` : null}
              />
            ) : (
              <span className="text-muted">not started</span>
            ),
          ],
          ['Partner’s id', fulfillment?.partnerId && <Code>{fulfillment.partnerId}</Code>],
          ['Shipment', shipment && <State state={shipment.status} more={null} />],
          ['Tracking code', shipment?.trackingCode && <Code>{shipment.trackingCode}</Code>],
          ['Last event', shipment?.lastEventAt && <Instant at={shipment.lastEventAt} />],
          [
            'Reminders',
            shipment && shipment.reminders > 0 ? `${shipment.reminders} sent to the partner` : null,
          ],
        ]}
      />
    </Card>
  );
}

const State = ({ state, more }: { state: string; more: ReactNode }) => (
  <>
    <FactBadge state={state} /> {more}
  </>
);

/** Where every step of it can be watched. */
function TemporalLinks({ order }: { order: OperatorOrder }) {
  const { temporalUiUrl, temporalNamespace } = useSession();
  if (temporalUiUrl === null) return null;
  const base = `${temporalUiUrl.replace(/\/$/, '')}/namespaces/${encodeURIComponent(temporalNamespace)}/workflows`;
  const links = [
    ['Order workflow', order.workflowId],
    ...(order.fulfillment ? [['Delivery workflow', deliveryWorkflowId(order.orderId)] as const] : []),
  ] as const;
  return (
    <span className="flex flex-wrap gap-x-3">
      {links.map(([name, id]) => (
        <a key={id} href={`${base}/${id}`} target="_blank" rel="noreferrer" className="text-accent underline">
          {name} in Temporal
        </a>
      ))}
    </span>
  );
}
