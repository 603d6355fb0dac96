import type { UndoStart } from '../db/compensation-log.js';
import { recordReserved } from '../db/placement.js';
import { releaseUnits } from '../db/stock.js';
import { failures } from '../domain/failures.js';
import type { Stamp } from '../domain/order.js';
import type { Deps } from './deps.js';
import { forGood } from './failing.js';
import { logged, type UndoEnd } from './undo-log.js';

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
    return logged(db, undo, async () => {
      const units = await db.transaction().execute((tx) => releaseUnits(tx, undo.orderId, undo.at));
      if (units === undefined)
        return { end: { outcome: 'kept_consumed', detail: 'the units have left the warehouse' } };
      if (units === 0) return { end: { outcome: 'nothing_to_release', detail: 'no unit was held any more' } };
      return {
        end: { outcome: 'released', detail: `${units} ${units === 1 ? 'unit' : 'units'} free to sell again` },
      };
    });
  }

  return { reserveInventory, releaseInventory };
}
