import type { CommandAnswer } from '../../../contract/api.js';
import type { BulkAnswer, BulkBody } from '../../../contract/console.js';
import type { AttentionReason, ResolveAction } from '../../../domain/attention.js';
import type { OrderAction } from '../../../domain/lifecycle.js';
import { ask } from './http.js';
import { useOnce } from './once.js';

export type Command = Exclude<OrderAction, 'resolve'>;

/** What a person decides about one order. */
export type Decision =
  | { kind: 'command'; orderId: string; command: Command }
  | { kind: 'resolve'; orderId: string; action: ResolveAction; reason: AttentionReason; reference?: string }
  | { kind: 'approve'; orderId: string; proposalId: string };

function send(decision: Decision, key: string): Promise<CommandAnswer> {
  const order = `/api/orders/${decision.orderId}`;
  switch (decision.kind) {
    case 'command':
      return ask(`${order}/${decision.command}`, { method: 'POST', key });
    case 'resolve': {
      const { action, reason, reference } = decision;
      return ask(`${order}/resolve`, {
        method: 'POST',
        key,
        body: { action, reason, ...(reference ? { reference } : {}) },
      });
    }
    case 'approve':
      return ask(`/api/proposals/${decision.proposalId}/approve`, { method: 'POST' });
  }
}

export const renewed = [['orders'], ['needs-me'], ['figures']];

export const useDecision = (onAnswer: (answer: CommandAnswer) => void) =>
  useOnce(send, ({ orderId }: Decision) => [['order', orderId], ...renewed], onAnswer);

export type BulkCommand = BulkBody['command'];

/** The orders of one request are asked one after the other. */
const BULK_MS = 120_000;
export const sendBulk = (body: BulkBody, key?: string): Promise<BulkAnswer> =>
  ask('/api/orders/bulk', {
    ...{ method: 'POST', body, withinMs: BULK_MS },
    ...(key === undefined ? {} : { key }),
  });
