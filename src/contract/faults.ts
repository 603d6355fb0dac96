/** Without a schema, so that the command line starts quickly. */

/** The partners that the sandbox plays, and the calls that each of them takes. */
export const operations = {
  'payment-gateway': [
    'create_payment_intent',
    'retrieve_payment_intent',
    'list_payment_intents',
    'confirm_payment_intent',
    'cancel_payment_intent',
    'create_refund',
    'retrieve_refund',
    'list_refunds',
    'list_disputes',
    'retrieve_charge',
  ],
  'delivery-partner': ['create_shipment', 'retrieve_shipment', 'list_shipments', 'cancel_shipment', 'remind'],
  mail: ['send_mail'],
} as const;

export const faultKinds = [
  'error_500',
  'stored_500',
  'rate_limit',
  'timeout',
  'drop_reply',
  'refuse_connection',
  'delay',
] as const;
