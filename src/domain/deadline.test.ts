import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, deadlineOf, formatDuration, HOUR, isPast, MINUTE, parseDuration, SECOND } from './deadline.js';

const ms = (iso: string): number => Date.parse(iso);

describe('the deadline', () => {
  it.each([
    ['across the end of daylight saving time', '2026-10-22T22:00:00Z', '2026-10-29T22:00:00Z'],
    ['across its beginning', '2027-03-25T00:30:00Z', '2027-04-01T00:30:00Z'],
    ['across 29 February', '2028-02-25T12:00:00Z', '2028-03-03T12:00:00Z'],
    ['across the end of a year', '2026-12-31T23:59:59Z', '2027-01-07T23:59:59Z'],
    ['given in a far zone', '2027-01-01T00:00:00+14:00', '2027-01-07T10:00:00Z'],
  ])('is an instant, %s', (_, release, deadline) => {
    expect(deadlineOf(ms(release), 7 * DAY)).toBe(ms(deadline));
  });

  it('has passed after it, and not at it', () => {
    expect([isPast(1_000, 999), isPast(1_000, 1_000), isPast(1_000, 1_001)]).toEqual([false, false, true]);
  });
});

describe('a duration', () => {
  it.each([
    ['7d', 7 * DAY],
    ['36h', 36 * HOUR],
    ['15m', 15 * MINUTE],
    ['1d12h', 36 * HOUR],
    ['1.5h', 90 * MINUTE],
    ['0s', 0],
  ])('%s', (text, expected) => expect(parseDuration(text)).toBe(expected));

  it.each(['', '7', 'd', '-1d', '1w', '7 d', '1d 2h', '1e3s', 'Infinityd', `${'9'.repeat(20)}d`])(
    'is not "%s"',
    (text) => expect(parseDuration(text)).toBeUndefined(),
  );

  it('reads back what it writes, to its two largest units', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 * DAY }), (span) => {
        const back = parseDuration(formatDuration(span).replace(' ', ''));
        expect(back).toBeLessThanOrEqual(span);
        expect(span - (back ?? 0)).toBeLessThan(span >= DAY ? HOUR : span >= HOUR ? MINUTE : MINUTE + SECOND);
      }),
    );
    expect(formatDuration(-61 * DAY - 4 * HOUR)).toBe('61d 4h');
    expect(formatDuration(999)).toBe('0s');
  });
});
