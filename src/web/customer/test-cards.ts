/** The payment gateway's test cards: tokens, never numbers. Each tells a story of its own. */
export const testCards = [
  { token: 'pm_card_visa', label: 'Visa, everything works' },
  { token: 'pm_card_mastercard', label: 'Mastercard, everything works' },
  { token: 'pm_card_chargeDeclined', label: 'A card that is declined' },
  { token: 'pm_card_chargeDeclinedInsufficientFunds', label: 'A card with too little on it' },
  { token: 'pm_card_authenticationRequired', label: 'A card that asks for 3-D Secure' },
  { token: 'pm_card_pendingRefund', label: 'A card whose refund takes days' },
  { token: 'pm_card_refundFail', label: 'A card whose refund fails later' },
] as const;
