import { useLiveness } from '../data/live.js';
import { clockText } from '../ui/format.js';
import { Notice } from '../ui/notice.js';

const looks = {
  live: ['text-good', 'live'],
  connecting: ['text-muted', 'connecting'],
  reconnecting: ['text-wait', 'reconnecting'],
} as const;

/** Whether what is on the screen is what is so. */
export function LiveMark() {
  const { state } = useLiveness();
  const [color, text] = looks[state];
  return (
    <span
      role="status"
      aria-label={`Connection: ${text}`}
      className={`flex items-center gap-1.5 font-medium ${color}`}
    >
      <svg viewBox="0 0 10 10" width="10" height="10" aria-hidden>
        {state === 'live' ? (
          <circle cx="5" cy="5" r="4.5" fill="currentColor" />
        ) : (
          <circle
            cx="5"
            cy="5"
            r="3.8"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.8"
            strokeDasharray="3 2.2"
          />
        )}
      </svg>
      {text}
    </span>
  );
}

export function ConnectionBanner() {
  const liveness = useLiveness();
  if (liveness.state !== 'reconnecting') return null;
  return (
    <Notice tone="wait">
      No connection to the API since {clockText(liveness.since)}. What you see is from then; nothing you typed
      is lost, and this page goes on by itself.
    </Notice>
  );
}
