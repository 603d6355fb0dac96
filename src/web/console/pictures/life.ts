import type { OperatorOrder } from '../../../contract/api.js';
import type { History } from '../../../contract/console.js';
import { isFinal, type OrderStatus } from '../../../domain/lifecycle.js';

type Fact = History['facts'][number];

/** What the picture of an order's life shows; instants in epoch ms, by the order's own clock. */
export interface Life {
  from: number;
  to: number;
  now: number;
  /** When it ended; undefined while it goes on. */
  endedAt: number | undefined;
  releaseAt: number;
  deadlineAt: number;
  /** One stretch per status, up to the next one, to the end, or to now. */
  stretches: { status: OrderStatus; from: number; to: number }[];
  /** What happened in between. */
  dots: { at: number; isTrouble: boolean }[];
}

const shownAsDot = new Set<Fact['kind']>([
  'command',
  'partner_event',
  'undo',
  'refund',
  'dispute',
  'attention_raised',
]);
const trouble = new Set<Fact['kind']>(['attention_raised', 'dispute']);

export function lifeOf(order: OperatorOrder, facts: Fact[]): Life {
  const placedAt = Date.parse(order.placedAt);
  const now = Math.max(Date.parse(order.now), placedAt);
  const times = facts.map(({ at }) => Date.parse(at));
  const changes = facts
    .filter(({ kind, status }) => kind === 'status' && status !== undefined)
    .map(({ at, status }) => ({ at: Date.parse(at), status: status as OrderStatus }));
  const last = changes.at(-1);
  const endedAt = isFinal(order.status) ? (last?.at ?? Date.parse(order.updatedAt)) : undefined;
  const first = { at: placedAt, status: 'payment_pending' as OrderStatus };
  const all = [first, ...changes];
  const stretches = all
    .map(({ at, status }, i) => ({ status, from: at, to: all[i + 1]?.at ?? endedAt ?? now }))
    .filter(({ status }) => !isFinal(status));
  const releaseAt = Date.parse(order.releaseDate);
  const deadlineAt = Date.parse(order.deadline);
  return {
    from: placedAt,
    to: Math.max(deadlineAt, endedAt ?? now, ...times),
    now,
    endedAt,
    releaseAt,
    deadlineAt,
    stretches,
    dots: facts
      .filter(({ kind }) => shownAsDot.has(kind))
      .map(({ at, kind }) => ({ at: Date.parse(at), isTrouble: trouble.has(kind) })),
  };
}
