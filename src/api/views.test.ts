import { expect, it } from 'vitest';
import { compensationView } from './views.js';

it('why an undo keeps failing is told to those who can mend it, and to nobody else', () => {
  const entry = {
    seq: 1,
    step: 'refund-payment',
    undoes: 'charge-payment',
    outcome: 'retrying',
    detail: '',
    attempts: 3,
    startedAt: 0,
    finishedAt: null,
    lastError: 'connect ECONNREFUSED 10.0.0.7:5432',
  };
  const told = (reader: 'customer' | 'operator') =>
    compensationView('po_1', [entry], reader).entries.map(({ lastError, attempts }) => [attempts, lastError]);
  expect(told('operator')).toEqual([[3, entry.lastError]]);
  expect(told('customer')).toEqual([[3, null]]);
});
