import type { Stack } from './stack.js';

/** I1 and I6: what a customer's bank took back or returned stands in our books, and what it leaves open called a person. */
export async function disputes({ observed }: Stack): Promise<string[]> {
  const { db } = observed.database;
  const rows = await db.selectFrom('disputes').select(['gateway_id', 'status']).execute();
  const known = new Map(rows.map(({ gateway_id: id, status }) => [id, status]));
  const orders = await db.selectFrom('orders').select(['id', 'status']).execute();
  const statuses = new Map(orders.map(({ id, status }) => [id, status]));
  const calls = await db.selectFrom('attention').select(['order_id', 'reason']).execute();
  const called = new Set(calls.map(({ order_id: id, reason }) => `${id} ${reason}`));

  const books = (await observed.sandbox.books()).filter(({ orderId }) => statuses.has(orderId));
  const taken = books.flatMap(({ orderId, disputes: own }) =>
    own.map((dispute) => ({ orderId, ...dispute })),
  );
  return taken.flatMap(({ orderId, id, status }) => {
    const decision = status === 'won' || status === 'lost' ? status : 'open';
    const here = known.get(id) ?? 'unknown';
    // The money of a cancelled order is the customer's, whichever way it went back.
    const isLoss = decision === 'lost' && statuses.get(orderId) !== 'cancelled';
    return [
      here !== decision && `I1: ${orderId}: the dispute ${id} is ${decision} at the gateway, ${here} here`,
      decision === 'open' &&
        !called.has(`${orderId} disputed`) &&
        `I6: ${orderId}: disputed, and nobody was called`,
      isLoss &&
        !called.has(`${orderId} dispute_lost`) &&
        `I6: ${orderId}: a dispute was lost, and nobody was called`,
    ].filter((wrong) => wrong !== false);
  });
}
