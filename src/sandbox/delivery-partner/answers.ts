import type { Consignment, PartnerAnswer } from './ledger.js';
import { newTrackingCode } from './ledger.js';

export const eventOf = {
  accepted: 'shipment.accepted',
  rejected: 'shipment.rejected',
  cancelled: 'shipment.cancelled',
  cancel_rejected: 'shipment.cancel_rejected',
} as const;

/** What a shipment becomes when the partner has answered. */
export function answered(consignment: Consignment, given: PartnerAnswer): Consignment {
  const { due: _, ...rest } = consignment;
  switch (given) {
    case 'accepted':
      return accepted(rest);
    case 'rejected':
      return noted(rest, 'rejected', 'SHIPMENT.REJECTED', 'The carrier does not take this shipment.');
    case 'cancelled':
      return withTracker({ ...rest, shipment: { ...rest.shipment, status: 'cancelled' } }, 'cancelled');
    case 'cancel_rejected': {
      const back = rest.shipment.tracking_code === null ? 'submitted' : 'accepted';
      return noted(rest, back, 'SHIPMENT.CANCELLATION_REJECTED', 'The shipment can no longer be cancelled.');
    }
  }
}

function accepted(consignment: Consignment): Consignment {
  const tracking_code = consignment.shipment.tracking_code ?? newTrackingCode();
  const shipment = { ...consignment.shipment, status: 'accepted' as const, tracking_code };
  const tracker = { ...consignment.tracker, tracking_code };
  const moved = { ...consignment, shipment, tracker };
  return tracker.status === 'unknown' ? withTracker(moved, 'pre_transit') : moved;
}

function noted(
  consignment: Consignment,
  status: Consignment['shipment']['status'],
  code: string,
  message: string,
): Consignment {
  const messages = [...consignment.shipment.messages, { code, message }];
  return { ...consignment, shipment: { ...consignment.shipment, status, messages } };
}

function withTracker(consignment: Consignment, status: 'pre_transit' | 'cancelled'): Consignment {
  if (consignment.pickedUp) return consignment;
  return {
    ...consignment,
    shipment: { ...consignment.shipment, tracker: { ...consignment.shipment.tracker, status } },
    tracker: { ...consignment.tracker, status, status_detail: status, updated_at: new Date().toISOString() },
  };
}
