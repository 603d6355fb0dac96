import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { needsOf, type Kind, type Need, type Needs } from '../../data/needs.js';
import { needsMeQuery, reconciliationQuery } from '../../data/queries.js';
import { PageHead } from '../../ui/card.js';
import { Empty, Shown } from '../../ui/states.js';
import { FindingItem } from './finding-item.js';
import { NeedItem } from './need-item.js';

const names: Record<Kind, string> = {
  attention: 'Decisions',
  deadline: 'Deadlines near',
  pickup: 'Pickups overdue',
  refund: 'Refunds',
  finding: 'Findings',
};
const kinds = Object.keys(names) as Kind[];

const kindOf = ({ kind }: Need): Kind => (kind === 'deadlines' ? 'deadline' : kind);

const keyOf = (item: Need): string =>
  item.kind === 'deadlines'
    ? `${item.sku} ${item.currency} ${item.filter.deadlineFrom}`
    : `${item.kind} ${item.orderId} ${item.reason}`;

export const needsSearch = (search: Record<string, unknown>): { kind?: Kind } => ({
  kind: kinds.find((kind) => kind === search.kind),
});

/** The first page: what waits for a person, most urgent first. */
export function NeedsMePage() {
  const query = useQuery(needsMeQuery);
  const reconciliation = useQuery(reconciliationQuery).data;
  return (
    <>
      <PageHead title="Needs me" lead="What waits for a person, most urgent first." />
      <Shown query={query} rows={8}>
        {(needs) => <List needs={needsOf(needs, reconciliation)} />}
      </Shown>
    </>
  );
}

function List({ needs: { counts, items, repeats, findings: found } }: { needs: Needs }) {
  const { kind } = useSearch({ from: '/' });
  const shown = items.filter((item) => (kind === undefined ? !repeats.has(item) : kind === kindOf(item)));
  const findings = kind === undefined || kind === 'finding' ? found : [];
  const unlisted = (kind === undefined ? counts.total : counts[kind]) - shown.length - findings.length;
  return (
    <>
      <Kinds counts={counts} />
      <div className="rounded-md border border-line bg-surface">
        {shown.length + findings.length === 0 ? (
          <Empty title="Nothing needs you">
            Orders wait, ship and end by themselves. Whatever needs a decision appears here at once.
          </Empty>
        ) : (
          <ol aria-label="Needs me">
            {findings.map((finding) => (
              <FindingItem key={`${finding.kind} ${finding.subject}`} finding={finding} />
            ))}
            {shown.map((item) => (
              <NeedItem key={keyOf(item)} item={item} />
            ))}
          </ol>
        )}
      </div>
      {unlisted > 0 && (
        <p className="mt-2 text-muted">
          {unlisted} more are not listed: at most 100 of each kind are. What is decided makes room.
        </p>
      )}
    </>
  );
}

function Kinds({ counts }: { counts: Needs['counts'] }) {
  const look =
    'inline-flex min-h-8 items-center gap-1.5 rounded-full border border-line bg-surface px-3 hover:bg-hover ' +
    'aria-[current=page]:border-accent aria-[current=page]:text-accent';
  return (
    <ul aria-label="Kinds" className="mb-3 flex flex-wrap gap-1.5">
      {[undefined, ...kinds].map((each) => (
        <li key={each ?? 'all'}>
          <Link
            to="/"
            search={each === undefined ? {} : { kind: each }}
            activeOptions={{ exact: true }}
            className={look}
          >
            {each === undefined ? 'All' : names[each]}
            <span className="tabular-nums">{each === undefined ? counts.total : counts[each]}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
