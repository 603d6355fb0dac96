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

/** How long banks take to show a refund on a card. */
const BANK_DAYS = 10;
export const banksTake = `5 to ${BANK_DAYS} working days`;
export const atTheBankBy = (sentAt: number): number => addWorkingDays(sentAt, BANK_DAYS);
