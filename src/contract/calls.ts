import type { OrderView } from './api.js';

/** Every open call for a person. An API of a release before tells the first only. */
export const callsOf = ({ calls, needsAttention }: Pick<OrderView, 'calls' | 'needsAttention'>) =>
  calls ?? (needsAttention ? [needsAttention] : []);
