/** An amount in the currency's smallest unit (cents for USD, yen for JPY, fils for KWD), never a float. */
export interface Money {
  amountMinor: number;
  currency: string;
}

/** ISO 4217 code in capitals that this runtime knows, e.g. `USD`. */
export function isCurrency(code: string): boolean {
  return /^[A-Z]{3}$/.test(code) && Intl.supportedValuesOf('currency').includes(code);
}

const formats = new Map<string, Intl.NumberFormat>();

/** Kept, because making one takes longer than most statements. */
function formatOf(currency: string, locale: string): Intl.NumberFormat {
  const key = `${locale} ${currency}`;
  const format = formats.get(key) ?? new Intl.NumberFormat(locale, { style: 'currency', currency });
  formats.set(key, format);
  return format;
}

/** Digits after the point: 2 for USD, 0 for JPY, 3 for KWD. */
export function exponentOf(currency: string): number {
  return formatOf(currency, 'en-US').resolvedOptions().maximumFractionDigits ?? 2;
}

export function times(price: Money, quantity: number): Money {
  const amountMinor = price.amountMinor * quantity;
  if (!Number.isSafeInteger(amountMinor))
    throw new RangeError(`${price.amountMinor} × ${quantity} is too large`);
  return { amountMinor, currency: price.currency };
}

/** `$1,299.00`, with the currency's own digits. */
export function formatMoney(money: Money, locale = 'en-US'): string {
  return formatOf(money.currency, locale).format(money.amountMinor / 10 ** exponentOf(money.currency));
}

/** `$699.00 USD`: a sign alone says too little. */
export const fullAmount = (money: Money): string => `${formatMoney(money)} ${money.currency}`;
