import type { ReactNode } from 'react';
import type { Tone } from './badge.js';

const tones: Record<Tone, string> = {
  good: 'border-good bg-good-ground text-good',
  wait: 'border-wait bg-wait-ground text-wait',
  bad: 'border-bad bg-bad-ground text-bad',
  info: 'border-info bg-info-ground text-info',
  still: 'border-edge bg-sunken text-muted',
};

/** What came of something, said once to who listens, too. */
export function Notice({
  tone,
  children,
  className = '',
}: {
  tone: Tone;
  children: ReactNode;
  className?: string;
}) {
  return (
    <div
      role={tone === 'bad' ? 'alert' : 'status'}
      className={`rounded-sm border-l-4 px-3 py-2 ${tones[tone]} ${className}`}
    >
      {children}
    </div>
  );
}
