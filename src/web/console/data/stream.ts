import type { eventNames } from '../../../contract/session.js';

/** What is heard of the API: its events, and whether it is there to tell of any. */
export interface Word {
  name: 'open' | 'lost' | 'ping' | (typeof eventNames)[number];
  data?: string;
}

const names: Word['name'][] = ['order', 'attention', 'record', 'product', 'reconciliation', 'reset', 'ping'];

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;
/** The API says something every 15 s. */
const SILENCE_MS = 40_000;

/** Calls when nothing was heard for so long: a connection can end without anybody being told. */
export function createWatchdog(onSilence: () => void, ms = SILENCE_MS) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    heard(): void {
      clearTimeout(timer);
      timer = setTimeout(onSilence, ms);
    },
    stop: (): void => clearTimeout(timer),
  };
}

/** Listens until the returned function is called. Browsers give up on an error answer; this does not. */
export function openStream(tell: (word: Word) => void, url = '/api/events'): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = FIRST_WAIT_MS;

  const open = (): void => {
    close();
    watchdog.heard();
    source = new EventSource(url);
    source.onopen = () => {
      wait = FIRST_WAIT_MS;
      watchdog.heard();
      tell({ name: 'open' });
    };
    source.onerror = lost;
    for (const name of names)
      source.addEventListener(name, ({ data }: MessageEvent<string>) => {
        watchdog.heard();
        tell({ name, data });
      });
  };
  const close = (): void => {
    source?.close();
    clearTimeout(timer);
    watchdog.stop();
  };
  const lost = (): void => {
    close();
    tell({ name: 'lost' });
    timer = setTimeout(open, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  };
  const watchdog = createWatchdog(lost);

  open();
  addEventListener('offline', lost);
  addEventListener('online', open);
  return () => {
    removeEventListener('offline', lost);
    removeEventListener('online', open);
    close();
  };
}
