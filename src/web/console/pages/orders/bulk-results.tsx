import { Link } from '@tanstack/react-router';
import type { BulkResult } from '../../../../contract/console.js';
import { FactBadge } from '../../ui/badge.js';
import { words } from '../../ui/format.js';

const MOST_SHOWN = 200;
const number = (n: number): string => n.toLocaleString('en-US');

/** What came of each order: those that were not simply accepted first. */
export function BulkResults({
  results,
  left,
  isRunning,
}: {
  results: BulkResult['results'];
  /** Without an answer yet. */
  left: number;
  isRunning: boolean;
}) {
  const counts = new Map<string, number>();
  for (const { answer } of results) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  const parts = [...counts].map(([answer, count]) => `${number(count)} ${words(answer)}`);
  if (left > 0) parts.push(`${number(left)} to go`);
  const sorted = [...results].sort(
    (a, b) => Number(a.answer === 'accepted') - Number(b.answer === 'accepted'),
  );
  return (
    <>
      <p role="status" className="text-base">
        {parts.join(', ')}
        {isRunning && ' …'}
      </p>
      {results.length > 0 && (
        <ul
          tabIndex={0}
          aria-label="What came of each"
          className="max-h-72 overflow-y-auto rounded-sm border border-line"
        >
          {sorted.slice(0, MOST_SHOWN).map(({ orderId, answer, message }) => (
            <li key={orderId} className="border-b border-line px-2.5 py-1.5 last:border-b-0">
              <span className="flex flex-wrap items-center gap-x-2">
                {/* In a tab of its own: this list is nowhere else. */}
                <Link
                  to="/orders/$orderId"
                  params={{ orderId }}
                  target="_blank"
                  className="font-mono text-accent underline"
                >
                  {orderId}
                </Link>
                <FactBadge state={answer} />
              </span>
              <span className="text-muted">{message}</span>
            </li>
          ))}
          {sorted.length > MOST_SHOWN && (
            <li className="px-2.5 py-1.5 text-muted">and {number(sorted.length - MOST_SHOWN)} more</li>
          )}
        </ul>
      )}
    </>
  );
}
