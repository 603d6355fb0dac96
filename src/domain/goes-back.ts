import { fullAmount, type Money } from './money.js';

/** A price that was paid, and what of it the customer's bank has taken back. */
export interface Stake extends Money {
  disputedMinor: number;
}

/** What a customer gets when the order is undone: the same money never goes back twice. */
export const goesBack = ({ amountMinor, currency, disputedMinor }: Stake): Money => ({
  amountMinor: Math.max(0, amountMinor - disputedMinor),
  currency,
});

/** The same to the customer, as a part of a sentence. */
export function goesBackTold(stake: Stake): string {
  const back = goesBack(stake);
  if (back.amountMinor === 0)
    return 'there is nothing more to pay back, since your bank has taken the payment back';
  const rest = stake.disputedMinor > 0 ? '; your bank has taken back the rest' : '';
  return `you get ${fullAmount(back)} back${rest}`;
}
