import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fulfillmentReference,
  intentKey,
  isOrderId,
  orderId,
  orderIdPrefix,
  parseFulfillmentReference,
  refundKey,
} from './identity.js';

const instant = fc.integer({ min: 0, max: Date.parse('3000-01-01T00:00:00Z') });
const entropy = fc.uint8Array({ minLength: 9, maxLength: 9 });
const id = fc.tuple(instant, entropy).map(([at, bytes]) => orderId(at, bytes));

describe('order ids', () => {
  it('are recognized', () => {
    fc.assert(fc.property(id, (text) => void expect(isOrderId(text)).toBe(true)));
    fc.assert(
      fc.property(
        fc.string(),
        (text) => void expect(isOrderId(text)).toBe(/^po_[0-9a-hjkmnp-tv-z]{18}$/.test(text)),
      ),
    );
  });

  it('sort by age', () => {
    fc.assert(
      fc.property(instant, instant, entropy, entropy, (a, b, x, y) => {
        fc.pre(a !== b);
        expect(orderId(a, x) < orderId(b, y)).toBe(a < b);
      }),
    );
  });

  it('may be shortened to a prefix, with or without its first letters', () => {
    fc.assert(
      fc.property(id, fc.integer({ min: 4, max: 18 }), (text, length) => {
        const prefix = text.slice(0, 3 + length);
        expect(orderIdPrefix(prefix)).toBe(prefix);
        expect(orderIdPrefix(prefix.slice(3))).toBe(prefix);
      }),
    );
    expect(['po_', 'po_abc', 'abc', `po_${'0'.repeat(19)}`, 'po_IIII'].map(orderIdPrefix)).toEqual(
      Array.from({ length: 5 }, () => undefined),
    );
  });
});

describe('references at the delivery partner', () => {
  it('are read back as they were built', () => {
    fc.assert(
      fc.property(id, fc.integer({ min: 1, max: 9_999 }), (order, attempt) => {
        const parsed = parseFulfillmentReference(fulfillmentReference(order, attempt));
        expect(parsed).toEqual({ orderId: order, attempt });
      }),
    );
  });

  it('of others are nobody’s', () => {
    fc.assert(
      fc.property(fc.string(), (text) => void expect(parseFulfillmentReference(text)).toBeUndefined()),
    );
  });
});

it('idempotency keys differ for every order, operation and counter', () => {
  fc.assert(
    fc.property(
      id,
      id,
      fc.integer({ min: 1, max: 99 }),
      fc.integer({ min: 1, max: 99 }),
      (a, b, n, attempt) => {
        fc.pre(a !== b);
        const refund = (order: string, number: number): string => `${order}:refund:${number}`;
        const keys = [intentKey(a, n), intentKey(b, n)];
        for (const [row, at, time] of [
          [refund(a, n), 1_000, attempt],
          [refund(b, n), 1_000, attempt],
          [refund(a, n + 1), 1_000, attempt],
          [refund(a, n), 1_000, attempt + 1],
          [refund(a, n), 2_000, attempt],
        ] as const)
          keys.push(refundKey(row, at, time));
        expect(new Set(keys).size).toBe(keys.length);
      },
    ),
  );
});
