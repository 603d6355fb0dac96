import type { OrderView } from '../../../src/contract/api.js';
import type { World } from '../../support/world.js';

/** What the API and the sandbox offer; a world, or a stack that runs. */
export type Shop = Pick<World, 'call' | 'place' | 'command' | 'order' | 'until' | 'untilStatus'> &
  Pick<World, 'addProduct' | 'fastForward' | 'resolve' | 'sandbox'>;

export const longName = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen '.repeat(3).trim();

const DAY = 86_400_000;
/** Shops release on a day. */
export const inDays = (days: number): string =>
  new Date(Math.ceil(Date.now() / DAY + days) * DAY).toISOString();

const people = [
  ...[
    'Grace Hopper',
    'Alan Turing',
    'Katherine Johnson',
    'Edsger Dijkstra',
    'Barbara Liskov',
    'Donald Knuth',
  ],
  ...['Margaret Hamilton', 'Tony Hoare', 'Radia Perlman', 'Niklaus Wirth', 'Frances Allen', 'John Backus'],
  ...['Hedy Lamarr', 'Leslie Lamport'],
];

/** Some of everything that the console has a picture, a badge or a word for. */
export async function variedOrders(shop: Shop) {
  const phone = await shop.addProduct({
    ...{ sku: 'aurora', name: 'Aurora Phone', price: 69_900 },
    releaseDate: inDays(60),
  });
  const orbit = await shop.addProduct({
    ...{ sku: 'orbit', name: 'Orbit Console', price: 49_900, currency: 'EUR', capacity: 40 },
    releaseDate: inDays(120),
  });
  const vinyl = await shop.addProduct({
    ...{ name: longName, price: 12_000, currency: 'JPY', capacity: 3 },
    releaseDate: inDays(12),
  });
  let customers = 0;
  const place = async (sku: string, more: object = {}): Promise<string> => {
    const name = people[customers++ % people.length] ?? '';
    const email = `${name.toLowerCase().replace(' ', '.')}@example.com`;
    return (await shop.place({ sku, name, email, ...more })).body.orderId;
  };
  const started = async (sku: string, behaviour: object = {}, more: object = {}): Promise<string> => {
    const id = await place(sku, more);
    await shop.sandbox.modes({ prefix: id, ...behaviour });
    await shop.command(id, 'start-fulfillment');
    return id;
  };
  const under = async (sku: string): Promise<string> => {
    const id = await started(sku);
    await shop.untilStatus(id, 'awaiting_pickup');
    await shop.command(id, 'item-picked');
    await shop.untilStatus(id, 'in_transit');
    return id;
  };
  const attended = (id: string): Promise<OrderView> =>
    shop.until(id, (order) => order.needsAttention !== null, 'needs attention');

  const waiting = await place(phone, {
    quantity: 2,
    name: longName,
    email: `${'wolfeschlegelsteinhausenbergerdorff'.repeat(3)}@example.com`.slice(-76),
  });
  await Promise.all([
    place(orbit),
    place(orbit, { quantity: 3 }),
    place(vinyl, { quantity: 3 }),
    place(phone),
  ]);
  await shop.place({ sku: phone, paymentMethod: 'pm_card_chargeDeclined' });

  const cancelled = await place(phone);
  await shop.command(cancelled, 'cancel');

  const near = await place(orbit);
  await shop.fastForward(near, { to: 'release' });

  const completed = await under(phone);
  await shop.command(completed, 'confirm-delivery');

  const damaged = await under(phone);
  await shop.sandbox.scan(damaged, 'failure', 'damaged');

  const late = await started(orbit, { acceptance: 'now' });
  await shop.untilStatus(late, 'awaiting_pickup');

  const refused = await started(phone, { acceptance: 'reject' });
  const asked = await started(phone, { acceptance: 'now', cancellation: 'silent' });
  await shop.untilStatus(asked, 'awaiting_pickup');
  await shop.command(asked, 'cancel');

  const owed = await place(phone, { paymentMethod: 'pm_card_pendingRefund' });
  await shop.command(owed, 'cancel');
  await shop.untilStatus(owed, 'cancelled');
  const refund = (await shop.sandbox.books(owed))[0]?.refunds[0]?.id ?? '';
  await shop.sandbox.refundStatus(refund, 'failed');

  await Promise.all([damaged, refused, owed].map(attended));
  await shop.resolve(owed, 'settle_outside', 'SEPA 2026-11-27 / 0815');
  await shop.untilStatus(cancelled, 'cancelled');
  await shop.untilStatus(completed, 'completed');
  return { phone, orbit, vinyl, waiting, cancelled, near, completed, damaged, late, refused, asked, owed };
}
