import type { Store } from './store.js';
import { createHttpPost } from './http-post.js';
import { createLimiter } from './limiter.js';
import type { Signers } from './signatures.js';

export type Sender = 'payment' | 'delivery';
export type WebhookUrls = Partial<Record<Sender, string>>;

export interface WebhookEvent {
  id: string;
  sender: Sender;
  /** The order id or the shipment's reference. */
  about: string;
  type: string;
  body: string;
  /** False when nobody had given us an address: such events are sent only by a replay. */
  wanted: boolean;
}

export type Webhooks = ReturnType<typeof createWebhooks>;

/** Waits between tries in milliseconds: 20 tries over about four minutes. */
const waits = [200, 500, 1000, 2000, 5000, 5000, 5000, 5000, 10_000, 10_000, 10_000].concat(
  Array.from({ length: 8 }, () => 20_000),
);
const replyTimeoutMs = 10_000;
const parallel = 128;

export function createWebhooks(deps: {
  store: Store;
  signers: Signers;
  urls: WebhookUrls;
  log: (line: string) => void;
}) {
  const { store, signers, log } = deps;
  const events = store.collection<WebhookEvent>('events');
  const outcomes = store.collection<'delivered' | 'given_up'>('outcomes');
  const urls: WebhookUrls = { ...deps.urls };
  const timers = new Set<NodeJS.Timeout>();
  const http = createHttpPost(replyTimeoutMs);
  const underWay = new Set<string>();
  const limited = createLimiter(parallel);
  let closed = false;

  async function post(event: WebhookEvent): Promise<boolean> {
    const url = urls[event.sender];
    if (!url || closed) return false;
    const headers = { 'Content-Type': 'application/json', ...signers[event.sender](event.body) };
    const status = await http.post(url, headers, event.body).catch(() => 0);
    return status >= 200 && status < 300;
  }

  async function deliver(event: WebhookEvent, tries: number): Promise<void> {
    underWay.add(event.id);
    const accepted = await limited(() => post(event));
    if (closed) return;
    const wait = waits[tries];
    if (!accepted && wait !== undefined) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        void deliver(event, tries + 1);
      }, wait);
      timers.add(timer);
      return;
    }
    if (!accepted) log(`webhook ${event.type} about ${event.about} given up after ${tries + 1} tries`);
    underWay.delete(event.id);
    outcomes.put(event.id, accepted ? 'delivered' : 'given_up');
    store.commit();
  }

  /** Takes up what a crash interrupted. */
  function resume(): void {
    for (const event of events.values()) {
      const open = event.wanted && !outcomes.get(event.id) && !underWay.has(event.id);
      if (open && urls[event.sender]) void deliver(event, 0);
    }
  }

  async function replay(chosen: WebhookEvent[], times: number): Promise<{ sent: number; accepted: number }> {
    let accepted = 0;
    for (const event of chosen) {
      const answers = await Promise.all(Array.from({ length: times }, () => limited(() => post(event))));
      accepted += answers.filter(Boolean).length;
    }
    return { sent: chosen.length * times, accepted };
  }

  return {
    emit(event: Omit<WebhookEvent, 'wanted'>): void {
      const record = { ...event, wanted: urls[event.sender] !== undefined };
      events.put(event.id, record);
      if (record.wanted) store.afterCommit(() => void deliver(record, 0));
    },
    urls: (): WebhookUrls => ({ ...urls }),
    setUrls(change: WebhookUrls): void {
      Object.assign(urls, change);
      resume();
    },
    resume,
    replay,
    /** Oldest first. */
    about: (prefix: string): WebhookEvent[] => [...events.values()].filter((e) => e.about.startsWith(prefix)),
    outcome: (id: string) => outcomes.get(id) ?? (underWay.has(id) ? 'pending' : 'not_sent'),
    close(): void {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      http.close();
    },
  };
}
