import { expect, it } from 'vitest';
import { missingAttributes } from './search-attributes.js';

it('adds what is missing, and refuses a name that has another type', () => {
  const wanted = { OrderStatus: 'Keyword', ReleaseAt: 'Datetime' } as const;
  expect(missingAttributes(wanted, {})).toEqual(Object.entries(wanted));
  expect(missingAttributes(wanted, { OrderStatus: 2 })).toEqual([['ReleaseAt', 'Datetime']]);
  expect(missingAttributes(wanted, { OrderStatus: 2, ReleaseAt: 6 })).toEqual([]);
  expect(() => missingAttributes(wanted, { OrderStatus: 1 })).toThrow('OrderStatus exists with another type');
});
