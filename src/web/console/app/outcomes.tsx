import { useSyncExternalStore } from 'react';
import type { CommandAnswer } from '../../../contract/api.js';
import type { Tone } from '../ui/badge.js';
import { Button } from '../ui/button.js';
import { words } from '../ui/format.js';
import { Notice } from '../ui/notice.js';

/** What came of what was asked last. It stays until it is put away: nobody has to read fast. */
interface Outcome {
  id: number;
  tone: Tone;
  text: string;
}

const MOST = 3;
let outcomes: readonly Outcome[] = [];
let count = 0;
const listeners = new Set<() => void>();

function become(next: readonly Outcome[]): void {
  outcomes = next;
  for (const listener of listeners) listener();
}

export function tell(tone: Tone, text: string): void {
  become([...outcomes, { id: count++, tone, text }].slice(-MOST));
}

const tones: Record<CommandAnswer['answer'], Tone> = {
  accepted: 'good',
  pending_partner: 'wait',
  pending_approval: 'wait',
  not_confirmed: 'wait',
  rejected: 'bad',
};

export function tellAnswer({ answer, message, orderId }: CommandAnswer): void {
  tell(tones[answer], `${orderId}: ${words(answer)}. ${message}`);
}

export function Outcomes() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => outcomes,
  );
  return (
    <section
      aria-label="Answers"
      className="fixed right-3 bottom-3 z-10 w-[26rem] max-w-[calc(100vw-1.5rem)] space-y-2"
    >
      {shown.map(({ id, tone, text }) => (
        <Notice key={id} tone={tone} className="flex items-start justify-between gap-2 shadow-float">
          <p>{text}</p>
          <Button
            tone="quiet"
            className="min-h-6 px-1.5 text-inherit"
            aria-label="Put away"
            onClick={() => become(outcomes.filter((each) => each.id !== id))}
          >
            ✕
          </Button>
        </Notice>
      ))}
    </section>
  );
}
