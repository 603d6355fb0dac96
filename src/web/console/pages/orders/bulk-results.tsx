import { Link } from '@tanstack/react-router';
import type { BulkResult } from '../../../../contract/console.js';
import { FactBadge } from '../../ui/badge.js';
import { words } from '../../ui/format.js';

/** What came of each order: those that were not simply accepted first. */
export function BulkResults({
  results,
  remaining,
  isRunning,
}: {
  results: BulkResult['results'];
  remaining: number;
  isRunning: boolean;
}) {
  const counts = new Map<string, number>();
  for (const { answer } of results) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  const sorted = [...results].sort(
    (a, b) => Number(a.answer === 'accepted') - Number(b.answer === 'accepted'),
  );
  return (
    <>
      <p role="status" className="text-base">
        {[...counts].map(([answer, count]) => `${count} ${words(answer)}`).join(', ')}
        {remaining > 0 && `, ${remaining} to go`}
        {isRunning && ' …'}
      </p>
      <ul
        tabIndex={0}
        aria-label="What came of each"
        className="max-h-72 overflow-y-auto rounded-sm border border-line"
      >
        {sorted.map(({ orderId, answer, message }) => (
          <li key={orderId} className="border-b border-line px-2.5 py-1.5 last:border-b-0">
            <span className="flex flex-wrap items-center gap-x-2">
              <Link to="/orders/$orderId" params={{ orderId }} className="font-mono text-accent underline">
                {orderId}
              </Link>
              <FactBadge state={answer} />
            </span>
            <span className="text-muted">{message}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
