/** What scripts may rely on; documented in `preorder help exit-codes`. */
export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  notFound: 3,
  notAllowed: 4,
  declined: 5,
  soldOut: 6,
  unreachable: 7,
  notConfirmed: 8,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodeMeanings: Record<ExitCode, string> = {
  0: 'Done.',
  1: 'Failed: no key or a wrong one (401, 403), an error of the server, books that do not balance, findings of reconcile.',
  2: 'Usage: an unknown command, a missing or wrong argument, an ambiguous id.',
  3: 'Not found: no such order, product, shipment or mail.',
  4: 'Not allowed in this state; also a cancel that was answered `rejected`.',
  5: 'The payment was declined; nothing was charged.',
  6: 'Sold out, or fewer left than wanted; nothing was charged.',
  7: 'Unreachable: nothing was sent.',
  8: 'Timed out, no database, or kept but not confirmed or approved yet: look at the order before you repeat.',
};
