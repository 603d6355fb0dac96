import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { World } from '../../support/world.js';

/** A body that places an order; each test changes what it is about. */
export const orderBody = (sku: string, overrides: Record<string, unknown> = {}) => ({
  sku,
  quantity: 1,
  customer: {
    name: 'Ada Lovelace',
    email: `${randomUUID()}@example.com`,
    address: { street: '1 Main St', city: 'Springfield', zip: '12345', country: 'US' },
  },
  paymentMethod: 'pm_card_visa',
  ...overrides,
});

const tables = [
  'orders',
  'payments',
  'reservations',
  'commands',
  'outbox',
  'ledger_entries',
  'inbox',
] as const;

/** Everything a refusal must not touch: rows, units, the gateway's own books, workflows of these products. */
export async function footprint(world: World, skus: string[]) {
  const rows: Record<string, number> = {};
  for (const table of tables) {
    const { n } = await world.database.db
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow();
    rows[table] = Number(n);
  }
  const stock = await world.database.db
    .selectFrom('products')
    .select(['sku', 'reserved', 'capacity', 'open'])
    .orderBy('sku')
    .execute();
  const charges = (await world.sandbox.books()).reduce((sum, book) => sum + book.charges, 0);
  const workflows = await Promise.all(skus.map((sku) => settledWorkflows(world, sku)));
  return { rows, stock, charges, workflows };
}

/** How many orders of a product have a workflow: as many as have a row, once Temporal's index has caught up. */
async function settledWorkflows(world: World, sku: string): Promise<number> {
  const rows = await world.database.db.selectFrom('orders').select('id').where('sku', '=', sku).execute();
  const query = `Product = '${sku}' and WorkflowId starts_with 'order-'`;
  const count = async (): Promise<number> => (await world.temporal.workflow.count(query)).count;
  await expect.poll(count).toBe(rows.length);
  return rows.length;
}

/** Runs `act` and proves that nothing anywhere has changed. */
export async function leavesNoTrace(world: World, skus: string[], act: () => Promise<void>): Promise<void> {
  const before = await footprint(world, skus);
  await act();
  expect(await footprint(world, skus)).toEqual(before);
}
