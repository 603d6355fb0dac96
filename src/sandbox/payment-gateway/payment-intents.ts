import { newId } from '../ids.js';
import type { Books } from './books.js';
import { authenticationRequired, cardOf, type Card } from './cards.js';
import { GatewayError, missing, refused } from './errors.js';
import type { Announce } from './events.js';
import type { ConfirmParams, CreateIntentParams } from './params.js';
import {
  nowSeconds,
  type CardFailure,
  type Charge,
  type IntentStatus,
  type Payment,
  type PaymentIntent,
} from './types.js';

export type PaymentIntents = ReturnType<typeof createPaymentIntents>;

export function createPaymentIntents({ books, announce }: { books: Books; announce: Announce }) {
  function create(params: CreateIntentParams): PaymentIntent {
    if (params.payment_method) knownCard(params.payment_method);
    const payment = books.save({ intent: newIntent(params), charges: [], refunds: [] });
    return params.confirm ? confirm(payment, params) : payment.intent;
  }

  function confirm(payment: Payment, params: ConfirmParams): PaymentIntent {
    onlyWhen(payment, 'confirm', ['requires_payment_method', 'requires_confirmation', 'requires_action']);
    const method = params.payment_method ?? payment.intent.payment_method;
    if (!method) {
      throw refused("You cannot confirm this PaymentIntent because it's missing a payment method.", {
        code: 'payment_intent_unexpected_state',
        payment_intent: payment.intent,
      });
    }
    const card = knownCard(method);
    if (card.outcome === 'succeeds') return succeed(payment, method, card);
    if (card.outcome !== 'requires_action') return decline(payment, method, card, card.outcome);
    if (params.off_session || params.error_on_requires_action) {
      return decline(payment, method, card, authenticationRequired);
    }
    const next_action = { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect' } };
    return update(payment, { status: 'requires_action', payment_method: method, next_action }).intent;
  }

  function cancel(payment: Payment, reason: string | undefined): PaymentIntent {
    onlyWhen(payment, 'cancel', ['requires_payment_method', 'requires_confirmation', 'requires_action']);
    const canceled = update(payment, {
      status: 'canceled',
      canceled_at: nowSeconds(),
      cancellation_reason: reason ?? null,
      next_action: null,
    });
    announce('payment_intent.canceled', canceled, canceled.intent);
    return canceled.intent;
  }

  function succeed(payment: Payment, method: string, card: Card): PaymentIntent {
    const charge = newCharge(payment.intent, method, card);
    const paid = update(
      payment,
      {
        status: 'succeeded',
        payment_method: method,
        amount_received: payment.intent.amount,
        latest_charge: charge.id,
        last_payment_error: null,
        next_action: null,
      },
      charge,
    );
    announce('payment_intent.succeeded', paid, paid.intent);
    return paid.intent;
  }

  function decline(payment: Payment, method: string, card: Card, failure: CardFailure): never {
    const charge = newCharge(payment.intent, method, card, failure);
    const last_payment_error = { type: 'card_error' as const, charge: charge.id, ...failure };
    const declined = update(
      payment,
      {
        status: 'requires_payment_method',
        payment_method: null,
        latest_charge: charge.id,
        last_payment_error,
        next_action: null,
      },
      charge,
    );
    announce('payment_intent.payment_failed', declined, declined.intent);
    throw new GatewayError(402, { ...last_payment_error, payment_intent: declined.intent }, true);
  }

  function update(payment: Payment, change: Partial<PaymentIntent>, charge?: Charge): Payment {
    const intent = { ...payment.intent, ...change };
    return books.save({
      ...payment,
      intent,
      charges: charge ? [...payment.charges, charge] : payment.charges,
    });
  }

  return { create, confirm, cancel };
}

function knownCard(method: string): Card {
  const card = cardOf(method);
  if (!card) throw missing('PaymentMethod', method, 'payment_method', 400);
  return card;
}

function onlyWhen(payment: Payment, verb: 'confirm' | 'cancel', allowed: IntentStatus[]): void {
  const { status } = payment.intent;
  if (allowed.includes(status)) return;
  throw refused(
    `You cannot ${verb} this PaymentIntent because it has a status of ${status}. Only a PaymentIntent with one of ` +
      `the following statuses may be ${verb === 'confirm' ? 'confirmed' : 'canceled'}: ${allowed.join(', ')}.`,
    { code: 'payment_intent_unexpected_state', payment_intent: payment.intent },
  );
}

function newIntent(params: CreateIntentParams): PaymentIntent {
  const id = newId('pi');
  return {
    id,
    object: 'payment_intent',
    amount: params.amount,
    amount_capturable: 0,
    amount_received: 0,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic',
    client_secret: newId(`${id}_secret`),
    confirmation_method: 'automatic',
    created: nowSeconds(),
    currency: params.currency,
    customer: null,
    description: params.description,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata: params.metadata,
    next_action: null,
    payment_method: params.payment_method ?? null,
    payment_method_types: ['card'],
    receipt_email: params.receipt_email ?? null,
    status: params.payment_method ? 'requires_confirmation' : 'requires_payment_method',
  };
}

function newCharge(intent: PaymentIntent, method: string, card: Card, failure?: CardFailure): Charge {
  const { amount, currency, metadata } = intent;
  return {
    id: newId('ch'),
    object: 'charge',
    amount,
    amount_captured: failure ? 0 : amount,
    amount_refunded: 0,
    balance_transaction: failure ? null : newId('txn'),
    captured: !failure,
    created: nowSeconds(),
    currency,
    disputed: false,
    failure_code: failure?.code ?? null,
    failure_message: failure?.message ?? null,
    livemode: false,
    metadata,
    outcome: failure
      ? {
          type: 'issuer_declined',
          network_status: 'declined_by_network',
          reason: failure.decline_code ?? null,
        }
      : { type: 'authorized', network_status: 'approved_by_network', reason: null },
    paid: !failure,
    payment_intent: intent.id,
    payment_method: method,
    payment_method_details: { type: 'card', card: { brand: card.brand, last4: card.last4 } },
    refunded: false,
    status: failure ? 'failed' : 'succeeded',
  };
}
