import type { UndoStart } from '../db/compensation-log.js';
import type { Tx } from '../db/database.js';
import { recordReserved } from '../db/placement.js';
import { releaseUnits } from '../db/stock.js';
import { failures } from '../domain/failures.js';
import type { Stamp } from '../domain/order.js';
import type { Deps } from './deps.js';
import { forGood } from './failing.js';
import { logged, type UndoEnd } from './undo-log.js';

const units = (count: number): string => `${count} ${count === 1 ? 'unit' : 'units'}`;

function endOf({ released, out }: { released: number; out: number }): UndoEnd {
  const free = `${units(released)} free to sell again`;
  const gone = `${units(out)} left the warehouse`;
  if (out > 0 && released > 0) return { outcome: 'replacement_released', detail: `${free}; ${gone} before` };
  if (out > 0) return { outcome: 'kept_consumed', detail: gone };
  if (released > 0) return { outcome: 'released', detail: free };
  return { outcome: 'nothing_to_release', detail: 'no unit was held any more' };
}

export function createInventoryActivities({ db }: Deps) {
  /** Turns the hold into a reservation. Throws ReservationRefused when the hold has been taken back. */
  async function reserveInventory(stamp: Stamp): Promise<void> {
    const standing = await recordReserved(db, stamp);
    if (standing !== 'reserved') {
      throw forGood(
        failures.reservationRefused,
        `the units are ${standing ?? 'not held'}: none can be reserved`,
      );
    }
  }

  /** The undo of the hold and of the reservation: the units are free to sell again. */
  async function releaseInventory(undo: UndoStart): Promise<UndoEnd> {
    const release = async (tx: Tx) => endOf(await releaseUnits(tx, undo.orderId, undo.at));
    return logged(db, undo, async () => ({ endIn: release }));
  }

  return { reserveInventory, releaseInventory };
}
