import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exponentOf, formatMoney, isCurrency, times } from './money.js';

describe('money', () => {
  it.each([
    ['USD', 2, 129_900, '$1,299.00'],
    ['JPY', 0, 64_800, '¥64,800'],
    ['KWD', 3, 129_900, 'KWD 129.900'],
  ])('%s has %i digits', (currency, digits, amountMinor, text) => {
    expect(exponentOf(currency)).toBe(digits);
    expect(formatMoney({ amountMinor, currency }).replace(/\s/, ' ')).toBe(text);
  });

  it('knows currencies by their codes in capitals', () => {
    expect(['USD', 'JPY', 'KWD', 'EUR'].every(isCurrency)).toBe(true);
    expect(['usd', 'US', 'QQQ', 'US DOLLAR', ''].some(isCurrency)).toBe(false);
  });

  it('multiplies exactly, or not at all', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.integer({ min: 1, max: 1_000 }), (amountMinor, quantity) => {
        const exact = BigInt(amountMinor) * BigInt(quantity);
        const price = { amountMinor, currency: 'USD' };
        if (exact > BigInt(Number.MAX_SAFE_INTEGER)) {
          expect(() => times(price, quantity)).toThrow(RangeError);
        } else {
          expect(BigInt(times(price, quantity).amountMinor)).toBe(exact);
        }
      }),
    );
  });

  it('refuses what is no whole number of minor units', () => {
    expect(() => times({ amountMinor: 1.5, currency: 'USD' }, 1)).toThrow(RangeError);
    expect(() => times({ amountMinor: 1e21, currency: 'USD' }, 1)).toThrow(RangeError);
  });
});
