import { useQuery } from '@tanstack/react-query';
import type { CompensationLog } from '../../../../contract/api.js';
import { compensationQuery } from '../../data/queries.js';
import { FactBadge } from '../../ui/badge.js';
import { Card } from '../../ui/card.js';
import { countText, words } from '../../ui/format.js';
import { Shown } from '../../ui/states.js';
import { Instant } from '../../ui/time.js';

/** What was undone, in reverse order; nothing is shown where nothing was. */
export function CompensationCard({ orderId }: { orderId: string }) {
  const query = useQuery(compensationQuery(orderId));
  if (query.data?.entries.length === 0) return null;
  return (
    <Card title="Compensation log">
      <Shown query={query} rows={2}>
        {({ entries }) => (
          <ol className="space-y-3">
            {entries.map((entry) => (
              <Step key={entry.seq} entry={entry} />
            ))}
          </ol>
        )}
      </Shown>
    </Card>
  );
}

function Step({ entry }: { entry: CompensationLog['entries'][number] }) {
  return (
    <li>
      <p className="flex flex-wrap items-center gap-x-2">
        <strong>
          {entry.seq}. {words(entry.step)}
        </strong>
        <FactBadge state={entry.outcome} />
        <span className="text-muted">undoes {words(entry.undoes)}</span>
      </p>
      {entry.detail && <p>{entry.detail}</p>}
      <p className="text-muted">
        {entry.finishedAt === null ? 'Since ' : ''}
        <Instant at={entry.finishedAt ?? entry.startedAt} />, {countText(entry.attempts, 'attempt')}
      </p>
      {entry.lastError && <p className="text-bad">Last error: {entry.lastError}</p>}
    </li>
  );
}
