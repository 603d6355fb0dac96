import type { ReactNode } from 'react';
import type { OrderStatus } from '../../../domain/lifecycle.js';
import { words } from './format.js';

export type Tone = 'good' | 'wait' | 'bad' | 'info' | 'still';

const tones: Record<Tone, string> = {
  good: 'bg-good-ground text-good',
  wait: 'bg-wait-ground text-wait',
  bad: 'bg-bad-ground text-bad',
  info: 'bg-info-ground text-info',
  still: 'bg-sunken text-muted',
};

export function Badge({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={`inline-block rounded-sm px-1.5 py-px text-[0.93rem] font-medium ${tones[tone]}`}>
      {children}
    </span>
  );
}

const statusTones: Record<OrderStatus, Tone> = {
  payment_pending: 'info',
  reserving: 'info',
  awaiting_release: 'info',
  fulfillment_requested: 'info',
  awaiting_pickup: 'info',
  in_transit: 'info',
  cancellation_requested: 'wait',
  delivery_exception: 'bad',
  returning: 'wait',
  cancelling: 'wait',
  completed: 'good',
  cancelled: 'still',
  rejected: 'still',
};

export const StatusBadge = ({ status }: { status: OrderStatus }) => (
  <Badge tone={statusTones[status]}>{words(status)}</Badge>
);

const factTones: Record<string, Tone> = {
  succeeded: 'good',
  settled_outside: 'good',
  reserved: 'good',
  consumed: 'good',
  accepted: 'good',
  delivered: 'good',
  done: 'good',
  complete: 'good',
  failed: 'bad',
  failure: 'bad',
  disputed: 'bad',
  rejected: 'bad',
  refused: 'bad',
  not_possible: 'bad',
  unknown: 'wait',
  pending: 'wait',
  pending_partner: 'wait',
  pending_approval: 'wait',
  not_confirmed: 'wait',
  requires_action: 'wait',
  return_to_sender: 'wait',
  incomplete: 'wait',
  processing: 'info',
  held: 'info',
  running: 'info',
};

/** The state of a payment, a reservation, a shipment, a refund. */
export const FactBadge = ({ state }: { state: string }) => (
  <Badge tone={factTones[state] ?? 'still'}>{words(state)}</Badge>
);
