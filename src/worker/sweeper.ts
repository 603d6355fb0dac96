import type { Commands } from '../client/commands.js';
import type { OrderClient } from '../client/order-client.js';
import { toOrderInput } from '../client/order-input.js';
import type { Db } from '../db/database.js';
import { markWorkflowStarted, orderRow, ordersWithoutWorkflow } from '../db/orders.js';

/** Starts what has been placed and never started, and asks again what nobody answered. */
export async function sweep(
  deps: { db: Db; orders: OrderClient; commands: Commands; now: () => number },
  graceMs = 30_000,
): Promise<void> {
  const { db, orders, commands, now } = deps;
  for (const orderId of await ordersWithoutWorkflow(db, now() - graceMs)) {
    const row = await orderRow(db, orderId);
    if (!row) continue;
    await orders.startOrder(toOrderInput(row));
    await markWorkflowStarted(db, orderId);
  }
  await commands.resume(now() - Math.min(graceMs, 10_000));
}
