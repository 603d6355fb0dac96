import fc from 'fast-check';
import type { Life, Step } from './plan.js';

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
  {
    weight: 1,
    arbitrary: fc.record({
      pauseMs,
      clicks: fc.constant(1),
      kind: fc.constant('nonsense'),
      what: fc.constantFrom('no-quantity', 'unknown-product', 'unknown-order', 'nobody'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      pauseMs,
      clicks: fc.constant(1),
      kind: fc.constant('dispute'),
      decision: fc.constantFrom('won', 'lost', undefined),
      decidedAfterMs: fc.nat(4_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      pauseMs,
      clicks: fc.constant(1),
      kind: fc.constant('bank'),
      status: fc.constantFrom('failed', 'failed', 'requires_action'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      pauseMs,
      clicks: fc.constant(1),
      kind: fc.constant('refund-by-hand'),
      share: fc.constantFrom(0.1, 0.5),
    }),
  },
);

/** The way to the doorstep, and how far a life goes on it before chance takes over. */
const way = (['start-fulfillment', 'item-picked', 'confirm-delivery'] as const).map((kind) =>
  fc.record({ pauseMs: fc.integer({ min: 300, max: 2_000 }), clicks, kind: fc.constant(kind) }),
);
const steps: fc.Arbitrary<Step[]> = fc
  .tuple(fc.nat(3), fc.tuple(...way), fc.array(step, { maxLength: 4 }))
  .map(([far, path, others]) => [...path.slice(0, far), ...others]);

export const life: fc.Arbitrary<Life> = fc.record({
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
  unpaid: fc.constantFrom('retry', 'settle_outside'),
});
