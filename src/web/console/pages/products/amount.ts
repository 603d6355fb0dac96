import { exponentOf, isCurrency } from '../../../../domain/money.js';

/** `499.00` in USD → 49900, without a float between; undefined when it is no such amount. */
export function minorUnits(text: string, currency: string): number | undefined {
  if (!isCurrency(currency)) return undefined;
  const digits = exponentOf(currency);
  const match = /^(\d{1,12})(?:\.(\d*))?$/.exec(text.trim());
  const fraction = match?.[2] ?? '';
  if (!match || fraction.length > digits) return undefined;
  const minor = Number(`${match[1]}${fraction.padEnd(digits, '0')}`);
  return Number.isSafeInteger(minor) ? minor : undefined;
}
