import { formatMoney, type Money } from '../../domain/money.js';

const dayFormat = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', dateStyle: 'long' });
const timeFormat = new Intl.DateTimeFormat('en-US', {
  timeZone: 'UTC',
  dateStyle: 'long',
  timeStyle: 'short',
  hourCycle: 'h23',
});

const NO_BREAK = '\u00a0';

/** `January 24, 2027, 14:05 UTC`; at midnight the day alone says it: `January 24, 2027 (UTC)`. */
export function Moment({ at }: { at: number }) {
  const iso = new Date(at).toISOString();
  const text = iso.endsWith('T00:00:00.000Z')
    ? `${dayFormat.format(at)} (UTC)`
    : `${timeFormat
        .format(at)
        .replace(' at ', ', ')
        .replace(/ (?=\S+$)/, NO_BREAK)}${NO_BREAK}UTC`;
  return <time dateTime={iso}>{text}</time>;
}

/** For what nobody can know to the minute: `January 24, 2027`. */
export function Day({ at }: { at: number }) {
  return <time dateTime={new Date(at).toISOString().slice(0, 10)}>{dayFormat.format(at)}</time>;
}

/** `$699.00 USD`: a sign alone says too little. */
export const amount = (money: Money): string => `${formatMoney(money)} ${money.currency}`;

export function Amount({ of }: { of: Money }) {
  return <strong className="amount">{amount(of)}</strong>;
}
