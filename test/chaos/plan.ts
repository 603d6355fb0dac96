import fc from 'fast-check';
import type { Activities } from '../../src/activities/index.js';
import { operations, type FaultKind } from '../../src/sandbox/faults.js';
import { linkNames } from './stack.js';

/** Everything that happens in a run, drawn from its seed: what customers and people want, and what breaks. */
export interface Plan {
  lives: Life[];
  faults: Fault[];
}

export type Step = { pauseMs: number; clicks: number } & (
  | { kind: 'cancel' | 'start-fulfillment' | 'item-picked' | 'confirm-delivery' }
  | { kind: 'resolve'; choice: number }
  | { kind: 'fast-forward'; wish: { to: 'release' | 'deadline' } | { by: string } }
  | { kind: 'scan'; status: string }
  | { kind: 'answer'; answer: string }
  | { kind: 'other-body' }
);

/** What one customer and the people of the shop do with one order. */
export interface Life {
  product: 'plenty' | 'scarce';
  quantity: number;
  paymentMethod: string;
  zip: string;
  /** Asks again until there is an answer, as a real client does; the others ask once. */
  patient: boolean;
  /** Sends the same order so many times at once. */
  clicks: number;
  steps: Step[];
  /** What becomes of it after the last fault, if it has not ended. */
  end: 'deliver' | 'cancel';
}

export type Fault = { pauseMs: number } & (
  | { kind: 'kill'; process: 'api-1' | 'api-2' | 'worker' | 'sandbox'; downMs: number }
  | { kind: 'crash-point'; process: 'api-1' | 'api-2' | 'worker'; point: string }
  | { kind: 'freeze'; process: 'api-1' | 'api-2' | 'worker'; ms: number }
  | { kind: 'kill-temporal' }
  | { kind: 'freeze-temporal'; ms: number }
  | { kind: 'kill-postgres'; downMs: number }
  | { kind: 'freeze-postgres'; ms: number }
  | { kind: 'cut' | 'lose-replies'; link: (typeof linkNames)[number]; count: number }
  | { kind: 'refuse' | 'delay'; link: (typeof linkNames)[number]; ms: number }
  | { kind: 'partner'; fault: { target: string; operation?: string; kind: FaultKind; times: number } }
  | { kind: 'partner-mode'; mode: { acceptance: string; cancellation: string }; ms: number }
  | { kind: 'replay-webhooks'; times: number; reverse: boolean }
);

const pauseMs = fc.nat(1_000);
const clicks = fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(2) });
const scans = ['in_transit', 'delivered', 'failure', 'out_for_delivery', 'return_to_sender', 'pre_transit'];

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      pauseMs,
      clicks,
      kind: fc.constantFrom('cancel', 'start-fulfillment', 'item-picked', 'confirm-delivery'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ pauseMs, clicks, kind: fc.constant('resolve'), choice: fc.nat(3) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      pauseMs,
      clicks: fc.constant(1),
      kind: fc.constant('fast-forward'),
      wish: fc.constantFrom<{ to: 'release' | 'deadline' } | { by: string }>(
        { to: 'release' },
        { to: 'deadline' },
        { by: '20d' },
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ pauseMs, clicks, kind: fc.constant('scan'), status: fc.constantFrom(...scans) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      pauseMs,
      clicks: fc.constant(1),
      kind: fc.constant('answer'),
      answer: fc.constantFrom('accepted', 'rejected', 'cancelled', 'cancel_rejected'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ pauseMs, clicks: fc.constant(1), kind: fc.constant('other-body') }) },
);

/** The way to the doorstep, and how far a life goes on it before chance takes over. */
const way = (['start-fulfillment', 'item-picked', 'confirm-delivery'] as const).map((kind) =>
  fc.record({ pauseMs: fc.integer({ min: 300, max: 2_000 }), clicks, kind: fc.constant(kind) }),
);
const steps: fc.Arbitrary<Step[]> = fc
  .tuple(fc.nat(3), fc.tuple(...way), fc.array(step, { maxLength: 4 }))
  .map(([far, path, others]) => [...path.slice(0, far), ...others]);

const life: fc.Arbitrary<Life> = fc.record({
  product: fc.constantFrom('plenty', 'plenty', 'scarce'),
  quantity: fc.integer({ min: 1, max: 3 }),
  paymentMethod: fc.oneof(
    { weight: 8, arbitrary: fc.constant('pm_card_visa') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('pm_card_chargeDeclined', 'pm_card_chargeDeclinedInsufficientFunds'),
    },
    { weight: 2, arbitrary: fc.constantFrom('pm_card_refundFail', 'pm_card_pendingRefund') },
  ),
  zip: fc.oneof(
    { weight: 12, arbitrary: fc.constant('12345') },
    { weight: 1, arbitrary: fc.constant('00000') },
  ),
  patient: fc.oneof(
    { weight: 5, arbitrary: fc.constant(true) },
    { weight: 1, arbitrary: fc.constant(false) },
  ),
  clicks,
  steps,
  end: fc.constantFrom('deliver', 'cancel'),
});

const between = fc.integer({ min: 100, max: 1_200 });
const downMs = fc.nat(2_500);
const briefly = fc.integer({ min: 500, max: 5_000 });
const link = fc.constantFrom(...linkNames);
const partnerFault = fc
  .constantFrom<'payment-gateway' | 'delivery-partner' | 'mail'>(
    'payment-gateway',
    'payment-gateway',
    'delivery-partner',
    'mail',
  )
  .chain((target) => {
    const shared: FaultKind[] = ['error_500', 'rate_limit', 'timeout', 'drop_reply', 'refuse_connection'];
    const kinds = target === 'payment-gateway' ? [...shared, 'stored_500' as const] : shared;
    const money = Array.from({ length: 4 }, () => ['confirm_payment_intent', 'create_refund']).flat();
    return fc.record({
      target: fc.constant(target),
      operation: fc.constantFrom(...operations[target], ...(target === 'payment-gateway' ? money : [])),
      kind: fc.constantFrom(...kinds),
      times: fc.integer({ min: 1, max: 3 }),
    });
  });

/** The activities that move money, units or items. */
const moving = [
  'chargePayment',
  'reserveInventory',
  'createFulfillmentOrder',
  'recordPickup',
  'recordDelivery',
  'requestCancellation',
  'beginCancelling',
  'cancelFulfillmentOrder',
  'releaseInventory',
  'refundPayment',
  'finishCancelling',
] as const satisfies (keyof Activities)[];

const faultKinds: Record<Fault['kind'], fc.Arbitrary<Fault>> = {
  kill: fc.record({
    kind: fc.constant('kill'),
    pauseMs: between,
    process: fc.constantFrom('api-1', 'api-2', 'worker', 'sandbox'),
    downMs,
  }),
  'crash-point': fc.record({
    kind: fc.constant('crash-point'),
    pauseMs: between,
    process: fc.constantFrom('api-1', 'api-2', 'worker'),
    point: fc
      .tuple(fc.constantFrom('before', 'after'), fc.constantFrom(...moving))
      .map(([when, activity]) => `${when}:${activity}`),
  }),
  freeze: fc.record({
    kind: fc.constant('freeze'),
    pauseMs: between,
    process: fc.constantFrom('api-1', 'api-2', 'worker'),
    ms: briefly,
  }),
  'kill-temporal': fc.record({ kind: fc.constant('kill-temporal'), pauseMs: between }),
  'freeze-temporal': fc.record({ kind: fc.constant('freeze-temporal'), pauseMs: between, ms: briefly }),
  'kill-postgres': fc.record({ kind: fc.constant('kill-postgres'), pauseMs: between, downMs }),
  'freeze-postgres': fc.record({ kind: fc.constant('freeze-postgres'), pauseMs: between, ms: briefly }),
  cut: fc.record({ kind: fc.constant('cut'), pauseMs: between, link, count: fc.constant(1) }),
  'lose-replies': fc.record({
    kind: fc.constant('lose-replies'),
    pauseMs: between,
    link,
    count: fc.integer({ min: 1, max: 4 }),
  }),
  refuse: fc.record({ kind: fc.constant('refuse'), pauseMs: between, link, ms: briefly }),
  delay: fc.record({
    kind: fc.constant('delay'),
    pauseMs: between,
    link,
    ms: fc.integer({ min: 20, max: 1_500 }),
  }),
  partner: fc.record({ kind: fc.constant('partner'), pauseMs: between, fault: partnerFault }),
  'partner-mode': fc.record({
    kind: fc.constant('partner-mode'),
    pauseMs: between,
    ms: briefly,
    mode: fc.record({
      acceptance: fc.constantFrom('now', 'later', 'reject', 'silent'),
      cancellation: fc.constantFrom('now', 'later', 'reject', 'silent'),
    }),
  }),
  'replay-webhooks': fc.record({
    kind: fc.constant('replay-webhooks'),
    pauseMs: between,
    times: fc.integer({ min: 1, max: 3 }),
    reverse: fc.boolean(),
  }),
};
export const allFaultKinds = Object.keys(faultKinds) as Fault['kind'][];

/** A process dies more often than a kind of trouble with the network comes by. */
const weights: Partial<Record<Fault['kind'], number>> = {
  kill: 3,
  'crash-point': 5,
  partner: 6,
  'lose-replies': 3,
};

/** The same seed, number of orders and kinds give the same plan. */
export function planOf(seed: number, orders: number, kinds: Fault['kind'][]): Plan {
  const fault = fc.oneof(
    ...kinds.map((kind) => ({ weight: weights[kind] ?? 1, arbitrary: faultKinds[kind] })),
  );
  const plan = fc.record({
    lives: fc.array(life, { minLength: orders, maxLength: orders, size: 'max' }),
    faults: fc.array(fault, { minLength: 500, maxLength: 500, size: 'max' }),
  });
  const [drawn] = fc.sample(fc.noBias(plan), { seed, numRuns: 1 });
  if (!drawn) throw new Error('nothing was drawn');
  return drawn;
}
