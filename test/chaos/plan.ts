import fc from 'fast-check';
import type { FaultKind } from '../../src/sandbox/faults.js';
import type { NodeName } from './cluster/config.js';
import { faultKinds } from './draw-faults.js';
import { life } from './draw-lives.js';
import type { LinkName } from './stack.js';

/** Everything that happens in a run, drawn from its seed: what customers and people want, and what breaks. */
export interface Plan {
  lives: Life[];
  faults: Fault[];
}

/** What no shop may do: it is refused, and leaves nothing. */
export type Nonsense = 'no-quantity' | 'unknown-product' | 'unknown-order' | 'nobody';

export type Step = { pauseMs: number; clicks: number } & (
  | { kind: 'cancel' | 'start-fulfillment' | 'item-picked' | 'confirm-delivery' }
  | { kind: 'resolve'; choice: number }
  | { kind: 'fast-forward'; wish: { to: 'release' | 'deadline' } | { by: string } }
  | { kind: 'scan'; status: string }
  | { kind: 'answer'; answer: string }
  | { kind: 'other-body' }
  | { kind: 'nonsense'; what: Nonsense }
  | { kind: 'dispute'; decision: 'won' | 'lost' | undefined; decidedAfterMs: number }
  | { kind: 'bank'; status: 'failed' | 'requires_action' }
  | { kind: 'refund-by-hand'; share: number }
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
  /** What a person does then about money that has not arrived. */
  unpaid: 'retry' | 'settle_outside';
}

export type ClusterFault = 'kill-frontend' | 'kill-history' | 'kill-matching' | 'kill-temporal-worker';

export type Fault = { pauseMs: number } & (
  | { kind: 'kill'; process: 'api-1' | 'api-2' | 'worker' | 'sandbox'; downMs: number }
  | { kind: 'crash-point'; process: 'api-1' | 'api-2' | 'worker'; point: string }
  | { kind: 'freeze'; process: 'api-1' | 'api-2' | 'worker'; ms: number }
  | { kind: 'kill-temporal' }
  | { kind: 'freeze-temporal'; ms: number }
  | { kind: ClusterFault; node: NodeName; downMs: number }
  | { kind: 'kill-postgres'; downMs: number }
  | { kind: 'freeze-postgres' | 'silence-postgres'; ms: number }
  | { kind: 'cut' | 'lose-replies'; link: LinkName; count: number }
  | { kind: 'refuse' | 'delay'; link: LinkName; ms: number }
  | { kind: 'partner'; fault: { target: string; operation?: string; kind: FaultKind; times: number } }
  | { kind: 'partner-mode'; mode: { acceptance: string; cancellation: string }; ms: number }
  | { kind: 'replay-webhooks'; times: number; reverse: boolean }
);

export const allFaultKinds = Object.keys(faultKinds) as Fault['kind'][];

const ofCluster: Fault['kind'][] = ['kill-frontend', 'kill-history', 'kill-matching', 'kill-temporal-worker'];
const ofOneServer: Fault['kind'][] = ['kill-temporal', 'freeze-temporal'];

/** What can break, with Temporal as one process or as a cluster. */
export const kindsOf = (cluster: boolean): Fault['kind'][] =>
  allFaultKinds.filter((kind) => !(cluster ? ofOneServer : ofCluster).includes(kind));

/** A process dies more often than a kind of trouble with the network comes by. */
const weights: Partial<Record<Fault['kind'], number>> = {
  kill: 3,
  'crash-point': 5,
  partner: 6,
  'lose-replies': 3,
  'kill-frontend': 2,
  'kill-history': 5,
  'kill-matching': 4,
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
