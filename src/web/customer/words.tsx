import { dayText, momentText } from '../../domain/moment.js';
import { fullAmount, type Money } from '../../domain/money.js';

const NO_BREAK = '\u00a0';

/** Breaks between the day and the time, and nowhere else. */
export function Moment({ at }: { at: number }) {
  const text = momentText(at)
    .replaceAll(' ', NO_BREAK)
    .replace(/(\d{4},)\u00a0/, '$1 ');
  return <time dateTime={new Date(at).toISOString()}>{text}</time>;
}

export function Day({ at }: { at: number }) {
  const text = dayText(at).replaceAll(' ', NO_BREAK);
  return <time dateTime={new Date(at).toISOString().slice(0, 10)}>{text}</time>;
}

export function Amount({ of }: { of: Money }) {
  return <strong className="amount">{fullAmount(of)}</strong>;
}
