import type { Reconciliation } from '../../../contract/reconciliation.js';
import { ask } from './http.js';
import { useOnce } from './once.js';

/** Says that a finding which is of no order was seen; it then waits for nobody. */
export const useAcknowledge = () =>
  useOnce(
    (subject: string) =>
      ask<Reconciliation>('/api/reconciliation/acknowledge', { method: 'POST', body: { subject } }),
    () => [['reconciliation']],
  );
