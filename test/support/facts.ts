import type { WorkflowExecutionInfo } from '@temporalio/client';
import type { Selectable } from 'kysely';
import type { OrderView } from '../../src/contract/api.js';
import type { Schema } from '../../src/db/schema.js';
import { deliveryWorkflowId, orderWorkflowId, refundWorkflowId } from '../../src/domain/identity.js';
import { snapshotQuery, type WorkflowSnapshot } from '../../src/workflows/messages.js';
import type { GatewayBook } from './sandbox-controls.js';
import type { World } from './world.js';

/** What the facts are read from: a world in one process, or one of many. */
export type Observed = Pick<World, 'database' | 'temporal' | 'sandbox' | 'taskQueue' | 'order'>;

type Row<T extends keyof Schema> = Selectable<Schema[T]>;

/** One run of a workflow as the server describes it. */
export interface RunFacts {
  workflowId: string;
  runId: string;
  type: string;
  status: string;
  startedAt: number;
  /** Attempts of the workflow task that is open now; more than one means that it keeps failing. */
  taskAttempts: number;
}

/** Everything that is known of one order, by whom. */
export interface OrderFacts {
  order: Row<'orders'>;
  payment: Row<'payments'>;
  reservation: Row<'reservations'>;
  fulfillments: Row<'fulfillment_orders'>[];
  refunds: Row<'refunds'>[];
  ledger: Row<'ledger_entries'>[];
  log: Row<'compensation_log'>[];
  attention: Row<'attention'>[];
  commands: Row<'commands'>[];
  /** The gateway's own books. */
  gateway: GatewayBook[];
  view: OrderView;
  runs: RunFacts[];
  snapshot: WorkflowSnapshot;
}

export interface StockFacts {
  product: Row<'products'>;
  reservations: Row<'reservations'>[];
}

export interface Facts {
  orders: OrderFacts[];
  stock: StockFacts[];
}

/** Reads the database, the API, the gateway's books and the workflows, for some orders or for all of a world. */
export async function collectFacts(world: Observed, orderIds?: string[]): Promise<Facts> {
  const { db } = world.database;
  const table = async <T extends keyof Schema>(name: T): Promise<Row<T>[]> =>
    (await db
      .selectFrom(name as never)
      .selectAll()
      .execute()) as Row<T>[];
  const [orders, products, reservations] = [
    await table('orders'),
    await table('products'),
    await table('reservations'),
  ];
  const rows = {
    payments: await table('payments'),
    fulfillments: await table('fulfillment_orders'),
    refunds: await table('refunds'),
    ledger: await table('ledger_entries'),
    log: await table('compensation_log'),
    attention: await table('attention'),
    commands: await table('commands'),
  };
  const [gateway, runs] = await Promise.all([world.sandbox.books(), runsOf(world)]);
  const wanted = orders.filter(({ id }) => !orderIds || orderIds.includes(id));
  const facts = wanted.map(async (order): Promise<OrderFacts> => {
    const own = <T extends { order_id: string }>(all: T[]): T[] =>
      all.filter((row) => row.order_id === order.id);
    const ids = [orderWorkflowId(order.id), deliveryWorkflowId(order.id), refundWorkflowId(order.id)];
    const ownRuns = runs.filter(({ workflowId }) => ids.includes(workflowId));
    return {
      order,
      payment: one(own(rows.payments)),
      reservation: one(own(reservations)),
      fulfillments: own(rows.fulfillments).sort((a, b) => a.attempt - b.attempt),
      refunds: own(rows.refunds),
      ledger: own(rows.ledger),
      log: own(rows.log).sort((a, b) => a.seq - b.seq),
      attention: own(rows.attention),
      commands: own(rows.commands),
      gateway: gateway.filter(({ orderId }) => orderId === order.id),
      view: await world.order(order.id),
      runs: ownRuns,
      snapshot: await world.temporal.workflow.getHandle(carrier(order.id, ownRuns)).query(snapshotQuery),
    };
  });
  const stock = products.map((product) => ({
    product,
    reservations: reservations.filter(({ sku }) => sku === product.sku),
  }));
  return { orders: await Promise.all(facts), stock };
}

function one<T>(rows: T[]): T {
  const [row] = rows;
  if (!row) throw new Error('a row is missing');
  return row;
}

/** The workflow that writes the order's row now: the delivery while one runs, else the order. */
function carrier(orderId: string, runs: RunFacts[]): string {
  const delivering = runs.some((run) => run.type === 'delivery' && run.status === 'RUNNING');
  return delivering ? deliveryWorkflowId(orderId) : orderWorkflowId(orderId);
}

/** Every workflow run of the world, by its own task queue. */
export async function runsOf(world: Observed): Promise<RunFacts[]> {
  const query = `TaskQueue = '${world.taskQueue}'`;
  const listed: WorkflowExecutionInfo[] = [];
  for await (const run of world.temporal.workflow.list({ query })) listed.push(run);
  return Promise.all(
    listed.map(async ({ workflowId, runId, type, startTime, status }) => {
      const known = { workflowId, runId, type, startedAt: startTime.getTime() };
      if (status.name !== 'RUNNING') return { ...known, status: status.name, taskAttempts: 1 };
      // Lists lag behind for a moment; the run itself knows.
      const seen = await world.temporal.workflow.getHandle(workflowId, runId).describe();
      const taskAttempts = seen.raw.pendingWorkflowTask?.attempt ?? 1;
      return { ...known, status: seen.status.name, taskAttempts };
    }),
  );
}
