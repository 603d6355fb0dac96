import { useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import type { ActionWords } from '../data/action-words.js';
import type { Decision } from '../data/commands.js';

/** What somebody is about to say yes to. */
export interface Choice {
  words: ActionWords;
  decision: Decision;
  /** Which order, how much money. */
  about: ReactNode;
  more?: ReactNode;
  /** The proof of payment is needed. */
  needsReference?: boolean;
}

/**
 * It stands above the pages: an order that changes meanwhile takes its buttons away, but not the dialog somebody types
 * into. The API then says what is true.
 */
let open: Choice | undefined;
const listeners = new Set<() => void>();

export function openDecision(choice: Choice | undefined): void {
  open = choice;
  for (const listener of listeners) listener();
}

export const useOpenDecision = (): Choice | undefined =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => open,
  );
