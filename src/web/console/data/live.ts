import { useSyncExternalStore } from 'react';

/** `live`: whatever changes is told at once. `reconnecting` since when: what is on the screen may be old. */
export type Liveness = { state: 'connecting' | 'live' } | { state: 'reconnecting'; since: number };

let liveness: Liveness = { state: 'connecting' };
const listeners = new Set<() => void>();

function become(next: Liveness): void {
  if (next.state === 'reconnecting' && liveness.state === 'reconnecting') return;
  liveness = next;
  for (const listener of listeners) listener();
}

export const useLiveness = (): Liveness =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => liveness,
  );

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;

interface Stream {
  url: string;
  /** Names of the events, and what to do about each. */
  hear: Record<string, (data: string) => void>;
  /** Connected, or connected again: what happened meanwhile was missed. */
  onOpen: () => void;
  /** Perhaps only the session has ended. */
  onLost: () => void;
}

/** Listens until the returned function is called. Browsers give up on an error answer; this does not. */
export function listen({ url, hear, onOpen, onLost }: Stream): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = FIRST_WAIT_MS;

  const open = (): void => {
    source?.close();
    clearTimeout(timer);
    source = new EventSource(url);
    source.onopen = () => {
      wait = FIRST_WAIT_MS;
      become({ state: 'live' });
      onOpen();
    };
    source.onerror = lost;
    for (const [name, react] of Object.entries(hear))
      source.addEventListener(name, (event: MessageEvent<string>) => react(event.data));
  };
  const lost = (): void => {
    become({ state: 'reconnecting', since: Date.now() });
    onLost();
    source?.close();
    clearTimeout(timer);
    timer = setTimeout(open, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  };

  open();
  window.addEventListener('offline', lost);
  window.addEventListener('online', open);
  return () => {
    window.removeEventListener('offline', lost);
    window.removeEventListener('online', open);
    clearTimeout(timer);
    source?.close();
    become({ state: 'connecting' });
  };
}
