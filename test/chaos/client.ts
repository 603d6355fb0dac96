import { setTimeout as sleep } from 'node:timers/promises';
import type { OrderView } from '../../src/contract/api.js';
import { TROUBLE_MS } from './monkey.js';
import { secrets } from './stack.js';

/** An answer as it came; the text is kept for whoever looks for what must not be in it. */
export interface Heard {
  status: number;
  contentType: string;
  text: string;
  body: Partial<OrderView> & { answer?: string; code?: string; message?: string };
}

export interface Request {
  path: string;
  body?: unknown;
  key?: string;
  /** Without anybody's key. */
  anonymous?: boolean;
}

export interface Client {
  /** One try. Undefined: no answer came. */
  once: (request: Request) => Promise<Heard | undefined>;
  /** Asks again, with the same key, until there is an answer that is not "try again"; undefined: patience is over. */
  patiently: (request: Request) => Promise<Heard | undefined>;
  /** Every answer so far. */
  heard: Heard[];
}

const TRY_MS = 15_000;
/** Whoever keeps asking outlasts the trouble. */
const PATIENCE_MS = TROUBLE_MS + 60_000;

const tryAgain = ({ status }: Heard): boolean => status >= 500 || status === 429;

export function createClient(url: string): Client {
  const heard: Heard[] = [];

  async function once({ path, body, key, anonymous = false }: Request): Promise<Heard | undefined> {
    try {
      const response = await fetch(url + path, {
        method: 'POST',
        signal: AbortSignal.timeout(TRY_MS),
        headers: {
          ...(anonymous ? {} : { authorization: `Bearer ${secrets.operatorKey}` }),
          ...(key ? { 'idempotency-key': key } : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const contentType = response.headers.get('content-type') ?? '';
      const answer = { status: response.status, contentType, text, body: JSON.parse(text) as Heard['body'] };
      heard.push(answer);
      return answer;
    } catch {
      return undefined;
    }
  }

  async function patiently(request: Request): Promise<Heard | undefined> {
    const until = Date.now() + PATIENCE_MS;
    for (let wait = 100; ; wait = Math.min(2 * wait, 2_000)) {
      const answer = await once(request);
      if (answer && !tryAgain(answer)) return answer;
      if (Date.now() > until) return answer;
      await sleep(wait);
    }
  }

  return { once, patiently, heard };
}
