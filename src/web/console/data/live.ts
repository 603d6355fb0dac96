import { useSyncExternalStore } from 'react';
import { createWatchdog, openStream, type Word } from './stream.js';

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

/**
 * Tells what the API says until the returned function is called. After `open` it is connected, or connected again: what
 * happened meanwhile was missed. `lost` may mean only that the session has ended.
 */
export function listen(tell: (word: Word) => void): () => void {
  const hear = (word: Word): void => {
    if (word.name === 'open') become({ state: 'live' });
    if (word.name === 'lost') become({ state: 'reconnecting', since: Date.now() });
    tell(word);
  };
  const stop = 'SharedWorker' in window ? listenTogether(hear) : openStream(hear);
  return () => {
    stop();
    become({ state: 'connecting' });
  };
}

/** More than the stream itself waits for a word: by then it would have told that it is lost. */
const SILENCE_MS = 60_000;

/** By the one stream that all pages of this browser share; by one of its own where that does not come or falls silent. */
function listenTogether(hear: (word: Word) => void): () => void {
  const worker = new SharedWorker(new URL('./shared-stream.ts', import.meta.url), { type: 'module' });
  const { port } = worker;
  const leave = (): void => {
    watchdog.stop();
    port.close();
  };
  let stop = leave;
  const alone = (): void => {
    if (stop !== leave) return;
    leave();
    hear({ name: 'lost' });
    stop = openStream(hear);
  };
  const watchdog = createWatchdog(alone, SILENCE_MS);
  worker.onerror = alone;
  port.onmessage = ({ data }: MessageEvent<Word>) => {
    watchdog.heard();
    hear(data);
  };
  watchdog.heard();
  return () => stop();
}
