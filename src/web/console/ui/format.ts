import { DAY, HOUR, MINUTE } from '../../../domain/deadline.js';
import { formatMoney } from '../../../domain/money.js';

/** Instants arrive as ISO 8601 in UTC and are shown in the reader's zone, which is always named. */

const stamp = new Intl.DateTimeFormat('en-US', {
  month: 'short',
  day: 'numeric',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'short',
});
const dayOnly = new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', year: 'numeric' });
const utcDay = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeZone: 'UTC' });
const shortDay = new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric' });
const seconds = new Intl.DateTimeFormat('en-US', { timeStyle: 'medium', hourCycle: 'h23' });

export const instantText = (iso: string | number): string => stamp.format(new Date(iso));
export const dayText = (iso: string | number): string => dayOnly.format(new Date(iso));
/** Of what counts by days in UTC. */
export const utcDayText = (iso: string): string => `${utcDay.format(new Date(iso))} UTC`;
export const shortDayText = (iso: string | number): string => shortDay.format(new Date(iso));
export const clockText = (iso: string | number): string => seconds.format(new Date(iso));

/** `3 h`, `12 min`, `61 days`: one unit, rounded down. */
export function spanText(ms: number): string {
  const size = Math.abs(ms);
  if (size < MINUTE) return 'less than a minute';
  if (size < HOUR) return `${Math.floor(size / MINUTE)} min`;
  if (size < 2 * DAY) return `${Math.floor(size / HOUR)} h`;
  return `${Math.floor(size / DAY)} days`;
}

/** As `spanText`, and seconds of what took less than a minute. */
export const shortSpanText = (ms: number): string =>
  ms < MINUTE ? `${Math.max(Math.round(ms / 1000), 0)} s` : spanText(ms);

/** `in 61 days`, `3 h ago`, `just now`. */
export function relativeText(at: number, now: number): string {
  if (at < now && now - at < MINUTE) return 'just now';
  return at >= now ? `in ${spanText(at - now)}` : `${spanText(at - now)} ago`;
}

/** With the currency's own sign and its code: `$` alone is many currencies. */
export function moneyText(amountMinor: number, currency: string): string {
  return `${formatMoney({ amountMinor, currency })} ${currency}`;
}

export const countText = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;

/** `awaiting_release` → `awaiting release`: the domain's own word, readable. */
export const words = (name: string): string => name.replaceAll(/[_-]/g, ' ');

export const sentence = (name: string): string => {
  const text = words(name);
  return text.charAt(0).toUpperCase() + text.slice(1);
};
