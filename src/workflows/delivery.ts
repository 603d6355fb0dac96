import { allHandlersFinished, CancellationScope, condition } from '@temporalio/workflow';
import type { DeliveryInput, DeliveryResult } from '../domain/order.js';
import { acceptance, cancellation, pickup } from './booking.js';
import { exception, returning, transit } from './transit.js';
import { openTrip, type Phase, type Trip } from './trip.js';

const phases: Record<Exclude<Phase, 'end'>, (trip: Trip) => Promise<Phase>> = {
  acceptance,
  pickup,
  cancellation,
  transit,
  exception,
  returning,
};

const system = { kind: 'system', id: 'delivery-workflow' } as const;

/** From the partner's acceptance to the doorstep, or back. It alone writes the order's row while it runs. */
export async function delivery(input: DeliveryInput): Promise<DeliveryResult> {
  const trip = openTrip(input);
  CancellationScope.current().cancelRequested.catch(() =>
    trip.hear({ kind: 'cancel', request: { reason: 'merchant', by: system } }),
  );
  return CancellationScope.nonCancellable(async () => {
    while (trip.phase !== 'end') trip.phase = await phases[trip.phase](trip);
    await condition(allHandlersFinished);
    const { version } = trip.book;
    const at = trip.book.now();
    return trip.reason
      ? { outcome: 'cancelled', reason: trip.reason, version, at }
      : { outcome: 'delivered', version, at };
  });
}
