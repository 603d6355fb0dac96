import { useSyncExternalStore } from 'react';
import { dayText, instantText, relativeText } from './format.js';

/** One clock for all that is shown, so that nothing says "just now" for an hour. */
const TICK_MS = 30_000;
let now = Date.now();
const listeners = new Set<() => void>();
setInterval(() => {
  now = Date.now();
  for (const listener of listeners) listener();
}, TICK_MS);
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Renders again at each tick; what is drawn between two of them is newer than the last. */
export function useNow(): number {
  useSyncExternalStore(subscribe, () => now);
  return Date.now();
}

/** The whole instant with its zone. */
export function Instant({ at, className }: { at: string; className?: string }) {
  return (
    <time dateTime={at} title={at} className={className}>
      {instantText(at)}
    </time>
  );
}

/** A date; the instant and its zone on hover and in the markup. */
export function Day({ at, className }: { at: string; className?: string }) {
  return (
    <time dateTime={at} title={instantText(at)} className={className}>
      {dayText(at)}
    </time>
  );
}

/** `in 61 days`; by the clock of the thing itself where that is another than ours (`clock`, as of `seen`). */
export function Ago({
  at,
  clock,
  className,
}: {
  at: string;
  clock?: string | undefined;
  className?: string;
}) {
  const wall = useNow();
  const own = clock === undefined ? wall : Math.max(Date.parse(clock), wall);
  return (
    <time dateTime={at} title={instantText(at)} className={className}>
      {relativeText(Date.parse(at), own)}
    </time>
  );
}
