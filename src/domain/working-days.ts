import { DAY } from './deadline.js';

/** The instant `days` working days later (Monday to Friday in UTC; holidays are not known here). */
export function addWorkingDays(from: number, days: number): number {
  let at = from;
  for (let left = days; left > 0;) {
    at += DAY;
    const weekday = new Date(at).getUTCDay();
    if (weekday !== 0 && weekday !== 6) left -= 1;
  }
  return at;
}
