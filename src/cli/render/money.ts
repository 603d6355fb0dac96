import { formatMoney } from '../../domain/money.js';

const printed = new Map<string, string>();

/** `$499.00 USD`. Each amount is formatted once: Intl is slow, and prices repeat. */
export function money(amountMinor: number, currency: string): string {
  const key = `${amountMinor} ${currency}`;
  const text = printed.get(key) ?? withCode(formatMoney({ amountMinor, currency }), currency);
  printed.set(key, text);
  return text;
}

/** A `$` alone does not say whose; a currency without a sign is its code already. */
export function withCode(amountText: string, currency: string): string {
  return amountText.includes(currency) ? amountText : `${amountText} ${currency}`;
}
