import type { Problem } from '../../contract/api.js';
import type { Asked } from './failures.js';

/** What a person can do about a refusal. */
export function adviceFor(problem: Partial<Problem>, asked: Asked): string[] {
  const { program } = asked.server;
  const about = problem.orderId ? [`${program} status ${problem.orderId} shows what is possible now.`] : [];
  switch (problem.code ?? '') {
    case 'key_ended':
    case 'key_missing':
    case 'unknown_key':
    case 'forbidden':
    case 'own_proposal':
      return [
        'Give the key: --key <key>, or PREORDER_OPERATOR_KEY (or PREORDER_SUPERVISOR_KEY) in the environment.',
        'npm start makes both, and writes them into connection.json in its data folder.',
      ];
    case 'not_found':
      return [
        `${program} list shows the orders, ${program} products what is sold, ${program} attention what waits for a person.`,
        'Of an id, a unique beginning is enough (4 characters after po_); - is the last order.',
      ];
    case 'invalid_action':
      return [`${program} attention shows what each order needs.`];
    case 'ambiguous_id':
      return [`Give more of the id; ${program} list shows the orders.`];
    case 'payment_declined':
      return [`Try again with another card: ${program} place-order --payment-method pm_card_visa`];
    case 'sold_out':
    case 'not_open':
    case 'deadline_passed':
      return [`${program} products shows what can be ordered.`];
    case 'idempotency_key_reused':
      return ['Leave --idempotency-key out: a new order gets a new key.', ...about];
    case 'not_confirmed':
    case 'database_unavailable':
    case 'timed_out':
    case 'broken_off':
      return repeat(asked, about);
    case 'internal':
      return ['Try again. If it fails again, look into the log of the API.'];
    case 'rate_limited':
      return ['Wait a moment, then try again.'];
    default:
      return about;
  }
}

function repeat({ method, idempotencyKey, server }: Asked, about: string[]): string[] {
  if (method === 'GET') return ['Try again; npm run doctor looks whether everything runs.'];
  if (idempotencyKey && about.length === 0)
    return [`Repeat the same command with --idempotency-key ${idempotencyKey}: nothing is done twice.`];
  return about.length > 0 ? about : [`Look first: ${server.program} list`];
}
