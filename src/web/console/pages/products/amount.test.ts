import { expect, it } from 'vitest';
import { minorUnits } from './amount.js';

it.each([
  ['499.00', 'USD', 49_900],
  ['499', 'USD', 49_900],
  ['0.1', 'USD', 10],
  ['12000', 'JPY', 12_000],
  ['1.234', 'KWD', 1_234],
  ['12.5', 'JPY', undefined],
  ['1.999', 'USD', undefined],
  ['-1', 'USD', undefined],
  ['1e3', 'USD', undefined],
  ['499', 'DOLLAR', undefined],
])('%s %s is %s in minor units', (text, currency, minor) => {
  expect(minorUnits(text, currency)).toBe(minor);
});
