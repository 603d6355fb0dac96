import { HttpProblem, notFound } from './problems.js';

const callers = ['anonymous', 'customer', 'operator', 'supervisor', 'partner'] as const;
export type Caller = (typeof callers)[number];

/** `own`: only with an order of one's own; for any other it answers as if there were none. */
export type Grant = 'yes' | 'own' | 'no';

/**
 * Who may do what: every route names its action, and a route without one does not start. A customer is whoever holds an
 * order's token, a partner whoever signs what it sends. Two persons: see approval.ts.
 */
export const access = {
  // action: [anonymous, customer, operator, supervisor, partner]
  browse: ['yes', 'yes', 'yes', 'yes', 'no'],
  health: ['yes', 'yes', 'yes', 'yes', 'yes'],
  place: ['yes', 'yes', 'yes', 'yes', 'no'],
  // Shows an order's token to get its page opened; the token itself is asked what it opens.
  'open-order': ['yes', 'yes', 'yes', 'yes', 'no'],
  // The link goes by mail to the customer, whoever asks.
  'ask-for-link': ['yes', 'yes', 'yes', 'yes', 'no'],
  read: ['no', 'own', 'yes', 'yes', 'no'],
  cancel: ['no', 'own', 'yes', 'yes', 'no'],
  list: ['no', 'no', 'yes', 'yes', 'no'],
  history: ['no', 'no', 'yes', 'yes', 'no'],
  'send-link': ['no', 'no', 'yes', 'yes', 'no'],
  'correct-email': ['no', 'no', 'yes', 'yes', 'no'],
  bulk: ['no', 'no', 'yes', 'yes', 'no'],
  watch: ['no', 'no', 'yes', 'yes', 'no'],
  audit: ['no', 'no', 'yes', 'yes', 'no'],
  metrics: ['no', 'no', 'yes', 'yes', 'no'],
  'manage-products': ['no', 'no', 'yes', 'yes', 'no'],
  'start-fulfillment': ['no', 'no', 'yes', 'yes', 'no'],
  'item-picked': ['no', 'no', 'yes', 'yes', 'no'],
  // Whoever waits for a parcel knows best that it came.
  'confirm-delivery': ['no', 'own', 'yes', 'yes', 'no'],
  'fast-forward': ['no', 'no', 'yes', 'yes', 'no'],
  resolve: ['no', 'no', 'yes', 'yes', 'no'],
  reconcile: ['no', 'no', 'yes', 'yes', 'no'],
  approve: ['no', 'no', 'no', 'yes', 'no'],
  decode: ['no', 'no', 'yes', 'yes', 'no'],
  'sign-in': ['yes', 'yes', 'yes', 'yes', 'no'],
  'sign-out': ['yes', 'yes', 'yes', 'yes', 'no'],
  whoami: ['no', 'no', 'yes', 'yes', 'no'],
  sandbox: ['no', 'no', 'yes', 'yes', 'no'],
  'sign-in-link': ['no', 'no', 'yes', 'yes', 'no'],
  'manage-keys': ['no', 'no', 'no', 'yes', 'no'],
  webhook: ['no', 'no', 'no', 'no', 'yes'],
} as const satisfies Record<string, readonly [Grant, Grant, Grant, Grant, Grant]>;

export type Action = keyof typeof access;

export type Subject =
  | { kind: 'anonymous' }
  | { kind: 'customer'; tokenHash: string }
  /** `id`: of the key, so that two persons can be told apart. `until`: by a cookie, which ends then (epoch ms). */
  | { kind: 'operator' | 'supervisor'; id: string; until?: number }
  | { kind: 'partner'; id: string };

export const grant = (caller: Caller, action: Action): Grant =>
  access[action][callers.indexOf(caller)] ?? 'no';

/** The one rule for every door. Throws 401, 403, or for an order of somebody else 404, as if there were none. */
export function authorize(subject: Subject, action: Action, order?: { token_hash: string }): void {
  switch (grant(subject.kind, action)) {
    case 'yes':
      return;
    case 'own':
      if (subject.kind === 'customer' && order?.token_hash === subject.tokenHash) return;
      throw notFound('The order');
    case 'no':
      if (subject.kind === 'anonymous') throw keyMissing(action);
      throw new HttpProblem(403, 'forbidden', `Only ${whoMay(action)} can do this.`);
  }
}

function keyMissing(action: Action): HttpProblem {
  const key =
    grant('customer', action) === 'own'
      ? "The order's token or an operator key"
      : `The key of ${whoMay(action)}`;
  return new HttpProblem(401, 'key_missing', `${key} is needed: Authorization: Bearer <key>.`);
}

const whoMay = (action: Action): string => {
  const known = { operator: 'an operator', supervisor: 'a supervisor', partner: 'a partner' };
  return Object.entries(known).find(([caller]) => grant(caller as Caller, action) === 'yes')?.[1] ?? 'nobody';
};
