import type { OrderView } from '../../contract/api.js';
import type { Paint } from '../output.js';

type Mark = 'done' | 'now' | 'todo' | 'failed' | 'undone';
type Facts = Pick<
  OrderView,
  'status' | 'payment' | 'reservation' | 'fulfillment' | 'shipment' | 'refund' | 'cancelReason'
>;

const names = ['Payment', 'Reserve', 'Pending', 'Pickup', 'Delivery'] as const;
const signs: Record<Mark, string> = { done: '✔', now: '●', todo: '○', failed: '✖', undone: '↺' };

/** The five phases in one line of at most 60 columns. */
export function stageBar(order: Facts, paint: Paint): string {
  const colors: Record<Mark, (text: string) => string> = {
    done: paint.green,
    now: (text) => paint.bold(paint.cyan(text)),
    todo: paint.dim,
    failed: paint.red,
    undone: paint.yellow,
  };
  return marksOf(order)
    .map((mark, i) => colors[mark](`${signs[mark]} ${names[i] ?? ''}`))
    .join(paint.dim(' ─ '));
}

function marksOf(order: Facts): Mark[] {
  const at = phaseOf(order);
  if (order.status === 'completed') return names.map(() => 'done');
  const stopped = ['cancelling', 'cancelled', 'rejected'].includes(order.status);
  return names.map((_, i) => {
    if (i > at) return 'todo';
    if (i < at) return stopped ? undoneOr(order, i) : 'done';
    return stopped || order.status === 'delivery_exception' ? 'failed' : 'now';
  });
}

/** Undone only when it is a fact: the refund paid out, the units released. */
function undoneOr(order: Facts, phase: number): Mark {
  const paidBack = order.refund?.status === 'succeeded' || order.refund?.status === 'settled_outside';
  const facts: Record<number, boolean> = {
    0: paidBack,
    1: order.reservation.status === 'released',
    3: order.fulfillment?.status === 'cancelled',
  };
  return facts[phase] ? 'undone' : 'done';
}

/** The phase the order is in; of a stopped order, the one it had reached. */
function phaseOf(order: Facts): number {
  switch (order.status) {
    case 'payment_pending':
    case 'rejected':
      return 0;
    case 'reserving':
      return 1;
    case 'awaiting_release':
      return 2;
    case 'fulfillment_requested':
    case 'awaiting_pickup':
    case 'cancellation_requested':
      return 3;
    case 'in_transit':
    case 'delivery_exception':
    case 'returning':
    case 'completed':
      return 4;
    case 'cancelling':
    case 'cancelled':
      return reached(order);
  }
}

function reached({ payment, fulfillment, shipment, cancelReason }: Facts): number {
  if (payment.status !== 'succeeded' && payment.status !== 'disputed') return 0;
  if (cancelReason === 'reservation_failed') return 1;
  if (!fulfillment) return 2;
  const left = shipment && shipment.status !== 'pre_transit' && shipment.status !== 'cancelled';
  return left ? 4 : 3;
}
