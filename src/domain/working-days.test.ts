import { expect, it } from 'vitest';
import { addWorkingDays } from './working-days.js';

const day = (text: string): number => Date.parse(`${text}T09:00:00Z`);

it.each([
  ['2026-11-23', 1, '2026-11-24'],
  ['2026-11-27', 1, '2026-11-30'],
  ['2026-11-28', 1, '2026-11-30'],
  ['2026-11-29', 1, '2026-11-30'],
  ['2026-11-25', 10, '2026-12-09'],
  ['2026-12-31', 5, '2027-01-07'],
])('%s and %i working days is %s', (from, days, to) => {
  expect(addWorkingDays(day(from), days)).toBe(day(to));
});
