import type { CardFailure } from './types.js';

export interface Card {
  brand: string;
  last4: string;
  /** What happens at confirmation. */
  outcome: 'succeeds' | 'requires_action' | CardFailure;
  /** What becomes of refunds: Stripe's test cards tell these stories. */
  refunds: 'succeed' | 'fail_later' | 'pending_first';
}

const visa = (rest: Partial<Card> = {}): Card => ({
  brand: 'visa',
  last4: '4242',
  outcome: 'succeeds',
  refunds: 'succeed',
  ...rest,
});

function declined(last4: string, decline_code: string, code = 'card_declined'): Card {
  const message = messages[code] ?? messages[decline_code] ?? 'Your card was declined.';
  return visa({ last4, outcome: { code, decline_code, message } });
}

const messages: Record<string, string> = {
  insufficient_funds: 'Your card has insufficient funds.',
  expired_card: 'Your card has expired.',
  incorrect_cvc: "Your card's security code is incorrect.",
  processing_error: 'An error occurred while processing your card. Try again in a little bit.',
};

const cards: Record<string, Card> = {
  pm_card_visa: visa(),
  pm_card_mastercard: visa({ brand: 'mastercard', last4: '4444' }),
  pm_card_chargeDeclined: declined('0002', 'generic_decline'),
  pm_card_chargeDeclinedInsufficientFunds: declined('9995', 'insufficient_funds'),
  pm_card_chargeDeclinedLostCard: declined('9987', 'lost_card'),
  pm_card_chargeDeclinedStolenCard: declined('9979', 'stolen_card'),
  pm_card_chargeDeclinedExpiredCard: declined('0069', 'expired_card', 'expired_card'),
  pm_card_chargeDeclinedIncorrectCvc: declined('0127', 'incorrect_cvc', 'incorrect_cvc'),
  pm_card_chargeDeclinedProcessingError: declined('0119', 'processing_error', 'processing_error'),
  pm_card_authenticationRequired: visa({ last4: '3184', outcome: 'requires_action' }),
  pm_card_refundFail: visa({ last4: '5126', refunds: 'fail_later' }),
  pm_card_pendingRefund: visa({ last4: '7726', refunds: 'pending_first' }),
};

export function cardOf(paymentMethod: string): Card | undefined {
  return Object.hasOwn(cards, paymentMethod) ? cards[paymentMethod] : undefined;
}

/** Nobody is there to answer the bank's question when the customer is not in the session. */
export const authenticationRequired: CardFailure = {
  code: 'authentication_required',
  decline_code: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
};
