import { isDeepStrictEqual } from 'node:util';
import type { Answer } from '../serve.js';
import type { Store } from '../store.js';
import { idempotencyError } from './errors.js';

interface Kept {
  path: string;
  params: unknown;
  status: number;
  body: string;
  at: number;
}

/** One request's hold on its key. */
export interface Slot {
  stored?: Answer;
  keep(said: Answer): Answer;
  release(): void;
}

export interface Keyed {
  key: string | undefined;
  path: string;
  params: unknown;
}

const forgottenAfterMs = 24 * 60 * 60 * 1000;
const noSlot: Slot = { keep: (said) => said, release: () => {} };

export type Idempotency = ReturnType<typeof createIdempotency>;

/** Stripe's rules: same key and params → the same reply again, other params → 400, still running → 409. */
export function createIdempotency(store: Store) {
  const kept = store.collection<Kept>('idempotency-keys');
  const inUse = new Set<string>();

  function remembered(key: string): Kept | undefined {
    const entry = kept.get(key);
    if (!entry || Date.now() - entry.at < forgottenAfterMs) return entry;
    kept.delete(key);
    return undefined;
  }

  return {
    open({ key, path, params }: Keyed): Slot {
      if (key === undefined) return noSlot;
      const entry = remembered(key);
      if (entry) mustBeTheSame(entry, { key, path, params });
      if (inUse.has(key)) {
        throw idempotencyError(
          409,
          `There is currently another in-progress request using this Idempotent Key (${key}).`,
        );
      }
      inUse.add(key);
      return {
        ...(entry && { stored: replayed(entry) }),
        keep(said) {
          kept.put(key, { path, params, status: said.status, body: said.body, at: Date.now() });
          return said;
        },
        release: () => void inUse.delete(key),
      };
    },
    forgetAll: (): void => kept.clear(),
  };
}

const replayed = ({ status, body }: Kept): Answer => ({
  status,
  body,
  headers: { 'Idempotent-Replayed': 'true' },
});

function mustBeTheSame(entry: Kept, { key, path, params }: Keyed): void {
  if (entry.path !== path) {
    throw idempotencyError(
      400,
      `Keys for idempotent requests can only be used for the same endpoint they were first used for ` +
        `('${path}' vs '${entry.path}'). Try using a key other than '${key}' if you meant to execute a different request.`,
    );
  }
  if (!isDeepStrictEqual(entry.params, params)) {
    throw idempotencyError(
      400,
      `Keys for idempotent requests can only be used with the same parameters they were first used with. ` +
        `Try using a key other than '${key}' if you meant to execute a different request.`,
    );
  }
}
