import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Fault, Faults, Operation, Target } from './faults.js';

/** A partner's reply; `body` is JSON text, so that keeping it keeps what was said at that moment. */
export interface Answer {
  status: number;
  body: string;
  headers?: Record<string, string>;
}

export interface Call {
  target: Target;
  operation: Operation;
  /** Everything a fault's `match` may be found in. */
  mentions(): string;
  /** True when the reply is already known and `work` only repeats it. */
  replay?: boolean;
  work(storedFailure: boolean): Answer;
  failure(status: 500 | 429): Answer;
}

export const answer = (status: number, body: unknown): Answer => ({ status, body: JSON.stringify(body) });

export type Serve = ReturnType<typeof createServe>;

/** Answers a partner's call, unless a fault was ordered for it. */
export function createServe(deps: { faults: Faults; commit: () => void }) {
  const { faults, commit } = deps;

  return async function serve(request: FastifyRequest, reply: FastifyReply, call: Call): Promise<unknown> {
    const fault = faults.take(
      call.target,
      call.operation,
      () => call.mentions(),
      (kind) => kind !== 'stored_500' || !call.replay,
    );
    if (fault?.kind === 'refuse_connection') return hangUp(request, reply);
    if (fault?.kind === 'timeout') return untilTheClientGivesUp(request, reply);
    if (fault?.kind === 'delay') await sleep(fault.delayMs ?? 1000);
    const said = refusal(call, fault) ?? call.work(fault?.kind === 'stored_500');
    if (fault?.kind === 'drop_reply') {
      commit();
      return hangUp(request, reply);
    }
    return reply
      .code(said.status)
      .headers(said.headers ?? {})
      .type('application/json')
      .send(said.body);
  };
}

function refusal(call: Call, fault: Fault | undefined): Answer | undefined {
  if (fault?.kind === 'error_500') return call.failure(500);
  if (fault?.kind !== 'rate_limit') return undefined;
  const limited = call.failure(429);
  if (fault.retryAfterSeconds === undefined) return limited;
  return { ...limited, headers: { ...limited.headers, 'Retry-After': String(fault.retryAfterSeconds) } };
}

function hangUp(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.hijack();
  request.raw.socket.destroy();
  return reply;
}

async function untilTheClientGivesUp(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  reply.hijack();
  if (!request.raw.socket.destroyed) await once(request.raw.socket, 'close');
  return reply;
}
