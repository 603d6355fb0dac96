import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Action } from './access.js';
import { actorOf } from './auth.js';
import { HttpProblem } from './problems.js';

/** Requests per minute and process. Whoever has a machine key is counted by it, a customer by the token, others by address. */
export interface RateLimits {
  machineKey: number;
  caller: number;
  /** Orders placed, and links asked for by mail, from one address without a machine key. */
  placing: number;
  /** Keys and tokens that open nothing, from one address; good ones from there go on. */
  badKeys: number;
  /** Partners' events and probes, from one address. */
  machines: number;
}

type Check = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

export interface Limiter {
  /** Before anybody has said who they are. */
  atTheGate(request: FastifyRequest, reply: FastifyReply, action: Action | undefined): Promise<void>;
  known(request: FastifyRequest, reply: FastifyReply, action: Action): Promise<void>;
  badKey: Check;
}

const isMachine = (action: Action | undefined): boolean => action === 'webhook' || action === 'health';

/** Throws 429 with Retry-After. Without limits nothing is counted. */
export async function createLimiter(app: FastifyInstance, limits: RateLimits | undefined): Promise<Limiter> {
  const pass: Check = async () => undefined;
  if (!limits) return { atTheGate: pass, known: pass, badKey: pass };
  await app.register(rateLimit, { global: false, timeWindow: 60_000 });

  const byAddress = (request: FastifyRequest): string => normalizeIP(request.ip);
  const byName = (request: FastifyRequest): string =>
    request.subject.kind === 'anonymous' ? byAddress(request) : actorOf(request.subject).id;
  function counting(max: number, keyGenerator: (request: FastifyRequest) => string): Check {
    const count = app.createRateLimit({ max, keyGenerator });
    return async (request, reply) => {
      const counted = await count(request);
      if (counted.isAllowed || !counted.isExceeded) return;
      void reply.header('retry-after', counted.ttlInSeconds);
      const detail = `Too many requests: try again in ${counted.ttlInSeconds} s.`;
      throw new HttpProblem(429, 'rate_limited', detail);
    };
  }

  const machineKey = counting(limits.machineKey, byName);
  const caller = counting(limits.caller, byName);
  const placing = counting(limits.placing, byAddress);
  const machines = counting(limits.machines, byAddress);
  return {
    badKey: counting(limits.badKeys, byAddress),
    atTheGate: async (request, reply, action) => {
      if (isMachine(action)) return machines(request, reply);
      if (!action || action === 'browse') return caller(request, reply);
    },
    known: async (request, reply, action) => {
      const { kind } = request.subject;
      if (kind === 'operator' || kind === 'supervisor') return machineKey(request, reply);
      if (action === 'place' || action === 'ask-for-link') await placing(request, reply);
      return caller(request, reply);
    },
  };
}
