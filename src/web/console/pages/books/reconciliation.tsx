import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Reconciliation as Result } from '../../../../contract/reconciliation.js';
import { ask } from '../../data/http.js';
import { figuresQuery, reconciliationQuery } from '../../data/queries.js';
import { Badge, FactBadge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { Card, Code } from '../../ui/card.js';
import { Notice } from '../../ui/notice.js';
import { Empty, Shown } from '../../ui/states.js';
import { Ago, Instant } from '../../ui/time.js';

/** Gateway, ledger, stock, orders and workflows against each other: what the reconciler found. */
export function Reconciliation() {
  const client = useQueryClient();
  const query = useQuery(reconciliationQuery);
  const run = useMutation({
    mutationFn: () => ask<Result>('/api/reconciliation/run', { method: 'POST' }),
    onSuccess: (result) => {
      client.setQueryData(reconciliationQuery.queryKey, result);
      void client.invalidateQueries({ queryKey: figuresQuery.queryKey });
    },
  });
  return (
    <Card
      title="Reconciliation"
      flush
      aside={
        <Button disabled={run.isPending} onClick={() => run.mutate()}>
          {run.isPending ? 'Comparing …' : 'Compare now'}
        </Button>
      }
    >
      {run.isError && (
        <Notice tone="bad" className="m-3">
          {run.error.message}
        </Notice>
      )}
      <Shown query={query}>
        {({ run: last, findings }) => (
          <>
            {last ? <LastRun run={last} /> : <p className="p-3 text-muted">Nothing has been compared yet.</p>}
            {last && findings.length === 0 && (
              <Empty title="Everything fits">
                Gateway, ledger, stock, orders and workflows say the same, as far as the last run has looked.
              </Empty>
            )}
            <ul aria-label="Findings">
              {findings.map((finding) => (
                <Finding key={`${finding.kind} ${finding.subject}`} finding={finding} />
              ))}
            </ul>
          </>
        )}
      </Shown>
    </Card>
  );
}

type Part = keyof NonNullable<Result['run']>['looked'];
const partWords: Record<Part, string> = {
  stock: 'products’ stock',
  workflows: 'workflows',
  touched: 'changed orders',
  charges: 'charges',
  refunds: 'refunds',
  disputes: 'disputes',
  open: 'open findings',
};

const parts = Object.keys(partWords) as Part[];

function LastRun({ run }: { run: NonNullable<Result['run']> }) {
  const looked = parts.filter((part) => run.looked[part] !== undefined);
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-3 py-2 text-muted">
      <span>
        Last run <Ago at={run.startedAt} />: <FactBadge state={run.outcome} />
      </span>
      {looked.length > 0 && (
        <span>
          Looked at:{' '}
          {looked
            .map((part) => `${partWords[part]} ${run.looked[part]?.toLocaleString('en-US') ?? ''}`)
            .join(' · ')}
        </span>
      )}
      {run.failed.length > 0 && (
        <span className="text-bad">
          Could not look at {run.failed.map((part) => partWords[part]).join(', ')}
        </span>
      )}
    </div>
  );
}

function Finding({ finding }: { finding: Result['findings'][number] }) {
  const { orderId, subject } = finding;
  return (
    <li className="border-b border-l-4 border-b-line border-l-bad px-3 py-2.5 last:border-b-0">
      <p className="flex flex-wrap items-center gap-x-2">
        <strong>{finding.text}</strong>
        {finding.acknowledgedBy !== null && (
          <Badge tone="still">acknowledged by {finding.acknowledgedBy}</Badge>
        )}
      </p>
      <p>{finding.detail}</p>
      <p className="flex flex-wrap gap-x-3 text-muted">
        {orderId !== null && (
          <Link
            data-row
            to="/orders/$orderId"
            params={{ orderId }}
            className="font-mono text-accent underline"
          >
            {orderId}
          </Link>
        )}
        {subject !== orderId && <Code>{subject}</Code>}
        <span>
          first seen <Instant at={finding.firstSeen} />
        </span>
      </p>
    </li>
  );
}
