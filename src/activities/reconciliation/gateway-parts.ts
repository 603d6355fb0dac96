import { HOUR } from '../../domain/deadline.js';
import { defaultPolicy } from '../../domain/policy.js';
import {
  knownRefunds,
  moneyByCharge,
  ordersWithUnsettledRefund,
  type MoneyFacts,
} from '../../db/reconciliation-money.js';
import { lastRun, positionOf } from '../../db/reconciliation-runs.js';
import { PartnerRefusal } from '../../integrations/errors.js';
import type { GatewayRefund, Intent, Page, PageWish } from '../../integrations/payment-gateway.js';
import type { Deps } from '../deps.js';
import { lookTwice } from './look-twice.js';
import { lookAtCharge, lookAtMoney } from './money-look.js';
import type { PageOfPart } from './order-parts.js';

/** Pages of 100 per run; the next run goes on from there. */
const OLD_CHARGES = 5;
const REFUNDS = 200;
const UNSETTLED = 200;

/** `stage|after|pages`: which walk, the id that ended its last page, and how many pages this run has taken. */
export function parse(position: string): { stage: string; after: string; pages: number } {
  const [stage = '', after = '', pages = '0'] = position.split('|');
  return { stage, after, pages: Number(pages) };
}

/** All charges since shortly before the last complete run, and a few older ones, in turns. */
export async function chargesPart(deps: Deps, now: number, position = 'new||0'): Promise<PageOfPart> {
  const { db, gateway } = deps;
  const { stage, after, pages } = parse(position);
  if (stage === 'new') {
    const since = ((await lastRun(db, 'complete'))?.started_at ?? now - 24 * HOUR) - HOUR;
    const page = await gateway.pageOfIntents({ since, after: after || undefined });
    const next = page.more
      ? `new|${page.items.at(-1)?.id}|0`
      : `old|${(await positionOf(db, 'charges')) ?? ''}|0`;
    return { ...(await lookAtCharges(deps, page.items)), next };
  }
  const page = await pageFrom(after, (wish) => gateway.pageOfIntents(wish));
  const last = page.more ? (page.items.at(-1)?.id ?? '') : '';
  const goOn = last !== '' && pages + 1 < OLD_CHARGES;
  return {
    ...(await lookAtCharges(deps, page.items)),
    kept: { charges: last },
    ...(goOn ? { next: `old|${last}|${pages + 1}` } : {}),
  };
}

/** The place where the last run stopped may be gone: then from the newest again. */
export async function pageFrom<T>(
  after: string,
  ask: (wish: PageWish) => Promise<Page<T>>,
): Promise<Page<T>> {
  try {
    return await ask({ after: after || undefined });
  } catch (error) {
    if (!(error instanceof PartnerRefusal) || after === '') throw error;
    return ask({});
  }
}

async function lookAtCharges(deps: Deps, intents: Intent[]): Promise<PageOfPart> {
  const ours = new Map(
    (
      await moneyByCharge(
        deps.db,
        intents.map((intent) => intent.id),
      )
    ).map((order) => [order.gatewayId, order]),
  );
  const strange = intents.filter((intent) => intent.chargedMinor > 0 && !ours.has(intent.id));
  const odd = intents.flatMap((intent) => {
    const order = ours.get(intent.id);
    return order && isOdd(intent, order) ? [order.orderId] : [];
  });
  const found = await Promise.all([
    lookTwice(
      deps,
      strange.map((intent) => intent.id),
      (id) => lookAtCharge(deps, id),
    ),
    lookTwice(deps, odd, (id) => lookAtMoney(deps, id)),
  ]);
  return { found: found.flat(), looked: intents.length };
}

function isOdd({ chargedMinor, currency }: Intent, order: MoneyFacts): boolean {
  if (chargedMinor > 0 && (chargedMinor !== order.amount || currency !== order.currency)) return true;
  const undone = order.status === 'cancelled' || order.status === 'rejected';
  if (undone && order.charged !== order.refunded) return true;
  return order.charged !== chargedMinor;
}

/** Every refund that may still fail, and every one that is not settled. */
export async function refundsPart(deps: Deps, now: number, position?: string): Promise<PageOfPart> {
  const { db, gateway } = deps;
  const { stage, after, pages } = parse(position ?? 'unsettled||0');
  if (stage === 'unsettled') {
    const ids = await ordersWithUnsettledRefund(db, after, UNSETTLED);
    const found = await lookTwice(deps, ids, (id) => lookAtMoney(deps, id));
    const more = ids.length === UNSETTLED;
    const next = more ? `unsettled|${ids.at(-1)}|0` : `listed|${(await positionOf(db, 'refunds')) ?? ''}|0`;
    return { found, looked: ids.length, next };
  }
  const since = now - defaultPolicy.refundWatchMs;
  const page = await pageFrom(after, (wish) => gateway.pageOfRefunds({ ...wish, since }));
  const last = page.more ? (page.items.at(-1)?.gatewayId ?? '') : '';
  const found = await lookTwice(deps, await oddRefunds(deps, page.items), (id) => lookAtMoney(deps, id));
  const goOn = last !== '' && pages + 1 < REFUNDS;
  const kept = { refunds: last };
  return { found, looked: page.items.length, kept, ...(goOn ? { next: `listed|${last}|${pages + 1}` } : {}) };
}

/** The orders whose refunds the gateway tells another story of. */
async function oddRefunds({ db }: Deps, refunds: GatewayRefund[]): Promise<string[]> {
  const rows = await knownRefunds(
    db,
    refunds.map((refund) => refund.gatewayId),
  );
  const known = new Map(rows.map((row) => [row.gatewayId, row]));
  const odd = refunds.filter(({ gatewayId, status, amountMinor }) => {
    const row = known.get(gatewayId);
    // Settled another way: only what the gateway paid as well does not fit.
    if (row?.status === 'settled_outside') return status === 'succeeded';
    return row?.status !== status || row.amount !== amountMinor;
  });
  const intents = odd.flatMap((refund) => refund.intentId ?? []);
  return (await moneyByCharge(db, intents)).map((order) => order.orderId);
}
