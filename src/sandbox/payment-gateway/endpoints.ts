import type { Operation } from '../faults.js';
import type { Books } from './books.js';
import { invalid, missing } from './errors.js';
import { expanded, listOf } from './listing.js';
import {
  cancelIntentParams,
  confirmIntentParams,
  createIntentParams,
  createRefundParams,
  listDisputesParams,
  listIntentsParams,
  listRefundsParams,
  parseParams,
  retrieveParams,
} from './params.js';
import type { PaymentIntents } from './payment-intents.js';
import type { Refunds } from './refunds.js';
import type { Payment } from './types.js';

export interface Input {
  id: string;
  body: unknown;
  query: unknown;
}

export interface Endpoint {
  method: 'GET' | 'POST';
  url: string;
  operation: Operation<'payment-gateway'>;
  run(input: Input): unknown;
}

export function createEndpoints(deps: {
  books: Books;
  intents: PaymentIntents;
  refunds: Refunds;
}): Endpoint[] {
  return [...intentEndpoints(deps), ...refundEndpoints(deps), disputeList(deps)];
}

function intentEndpoints({ books, intents }: { books: Books; intents: PaymentIntents }): Endpoint[] {
  return [
    {
      method: 'POST',
      url: '/payment_intents',
      operation: 'create_payment_intent',
      run({ body }) {
        const params = parseParams(createIntentParams, body);
        return expanded(books, intents.create(params), params);
      },
    },
    {
      method: 'GET',
      url: '/payment_intents/:id',
      operation: 'retrieve_payment_intent',
      run: ({ id, query }) => expanded(books, books.intent(id).intent, parseParams(retrieveParams, query)),
    },
    {
      method: 'GET',
      url: '/payment_intents',
      operation: 'list_payment_intents',
      run({ query }) {
        const params = parseParams(listIntentsParams, query);
        const list = listOf(
          '/v1/payment_intents',
          books.all().map((payment) => payment.intent),
          params,
        );
        return { ...list, data: list.data.map((intent) => expanded(books, intent, params)) };
      },
    },
    {
      method: 'POST',
      url: '/payment_intents/:id/confirm',
      operation: 'confirm_payment_intent',
      run({ id, body }) {
        const params = parseParams(confirmIntentParams, body);
        return expanded(books, intents.confirm(books.intent(id), params), params);
      },
    },
    {
      method: 'POST',
      url: '/payment_intents/:id/cancel',
      operation: 'cancel_payment_intent',
      run({ id, body }) {
        const params = parseParams(cancelIntentParams, body);
        return expanded(books, intents.cancel(books.intent(id), params.cancellation_reason), params);
      },
    },
  ];
}

function refundEndpoints({ books, refunds }: { books: Books; refunds: Refunds }): Endpoint[] {
  return [
    {
      method: 'POST',
      url: '/refunds',
      operation: 'create_refund',
      run({ body }) {
        const params = parseParams(createRefundParams, body);
        return expanded(books, refunds.create(subjectOf(books, params), params), params);
      },
    },
    {
      method: 'GET',
      url: '/refunds/:id',
      operation: 'retrieve_refund',
      run: ({ id, query }) => expanded(books, books.refund(id).refund, parseParams(retrieveParams, query)),
    },
    {
      method: 'GET',
      url: '/refunds',
      operation: 'list_refunds',
      run({ query }) {
        const params = parseParams(listRefundsParams, query);
        const about = params.payment_intent ?? params.charge;
        const payments = about === undefined ? books.all() : [subjectOf(books, params)];
        const found = payments.flatMap((payment) => payment.refunds).sort((a, b) => a.created - b.created);
        const list = listOf('/v1/refunds', found, params);
        return { ...list, data: list.data.map((refund) => expanded(books, refund, params)) };
      },
    },
    {
      method: 'GET',
      url: '/charges/:id',
      operation: 'retrieve_charge',
      run({ id, query }) {
        const charge = books.find(id)?.charges.find((candidate) => candidate.id === id);
        if (!charge) throw missing('charge', id, 'id');
        return expanded(books, charge, parseParams(retrieveParams, query));
      },
    },
  ];
}

function disputeList({ books }: { books: Books }): Endpoint {
  return {
    method: 'GET',
    url: '/disputes',
    operation: 'list_disputes',
    run({ query }) {
      const params = parseParams(listDisputesParams, query);
      const about = params.payment_intent ?? params.charge;
      const payments = about === undefined ? books.all() : [subjectOf(books, params)];
      const found = payments.flatMap((payment) => payment.disputes ?? []);
      const list = listOf(
        '/v1/disputes',
        found.sort((a, b) => a.created - b.created),
        params,
      );
      return { ...list, data: list.data.map((dispute) => expanded(books, dispute, params)) };
    },
  };
}

/** The payment a refund request names, by its intent or by its charge. */
function subjectOf(books: Books, params: { payment_intent?: string; charge?: string }): Payment {
  if (params.payment_intent !== undefined) return books.intent(params.payment_intent, 'payment_intent');
  if (params.charge === undefined) {
    throw invalid(
      'One of the following params should be provided for this request: payment_intent or charge.',
    );
  }
  const payment = params.charge.startsWith('ch_') ? books.find(params.charge) : undefined;
  if (!payment) throw missing('charge', params.charge, 'charge');
  return payment;
}
