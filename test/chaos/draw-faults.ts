import fc from 'fast-check';
import type { Activities } from '../../src/activities/index.js';
import { operations } from '../../src/contract/faults.js';
import type { FaultKind } from '../../src/sandbox/faults.js';
import type { NodeName } from './cluster/config.js';
import type { ClusterFault, Fault } from './plan.js';
import { linkNames } from './stack.js';

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

/** Of a history or matching node, either of the two. */
const nodeKill = <K extends ClusterFault>(kind: K, ...nodes: NodeName[]) =>
  fc.record({ kind: fc.constant(kind), pauseMs: between, node: fc.constantFrom(...nodes), downMs });

export const faultKinds: Record<Fault['kind'], fc.Arbitrary<Fault>> = {
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
  'kill-frontend': nodeKill('kill-frontend', 'frontend'),
  'kill-history': nodeKill('kill-history', 'history-1', 'history-2'),
  'kill-matching': nodeKill('kill-matching', 'matching-1', 'matching-2'),
  'kill-temporal-worker': nodeKill('kill-temporal-worker', 'temporal-worker'),
  'kill-postgres': fc.record({ kind: fc.constant('kill-postgres'), pauseMs: between, downMs }),
  'freeze-postgres': fc.record({ kind: fc.constant('freeze-postgres'), pauseMs: between, ms: briefly }),
  'silence-postgres': fc.record({ kind: fc.constant('silence-postgres'), pauseMs: between, ms: briefly }),
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
