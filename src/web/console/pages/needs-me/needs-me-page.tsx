import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import type { NeedsMe } from '../../../../contract/console.js';
import { needsMeQuery } from '../../data/queries.js';
import { PageHead } from '../../ui/card.js';
import { Empty, Shown } from '../../ui/states.js';
import { NeedItem } from './need-item.js';

type Kind = NeedsMe['items'][number]['kind'];

const names: Record<Kind, string> = {
  attention: 'Decisions',
  deadline: 'Deadlines near',
  pickup: 'Pickups overdue',
  refund: 'Refunds',
};
const kinds = Object.keys(names) as Kind[];

export const needsSearch = (search: Record<string, unknown>): { kind?: Kind } => ({
  kind: kinds.find((kind) => kind === search.kind),
});

/** The first page: what waits for a person, most urgent first. */
export function NeedsMePage() {
  const query = useQuery(needsMeQuery);
  const { kind } = useSearch({ from: '/' });
  return (
    <>
      <PageHead title="Needs me" lead="What waits for a person, most urgent first." />
      <Shown query={query}>
        {({ counts, items }) => {
          const shown = items.filter((item) => kind === undefined || item.kind === kind);
          const all = kind === undefined ? counts.total : counts[kind];
          return (
            <>
              <Kinds counts={counts} kind={kind} />
              <div className="rounded-md border border-line bg-surface">
                {shown.length === 0 ? (
                  <Empty title="Nothing needs you">
                    Orders wait, ship and end by themselves. Whatever needs a decision appears here at once.
                  </Empty>
                ) : (
                  <ol aria-label="Needs me">
                    {shown.map((item) => (
                      <NeedItem key={`${item.kind} ${item.orderId} ${item.reason}`} item={item} />
                    ))}
                  </ol>
                )}
              </div>
              {all > shown.length && (
                <p className="mt-2 text-muted">
                  {all - shown.length} more are not listed: at most 100 of each kind are. What is decided
                  makes room.
                </p>
              )}
            </>
          );
        }}
      </Shown>
    </>
  );
}

function Kinds({ counts, kind }: { counts: NeedsMe['counts']; kind: Kind | undefined }) {
  const look =
    'inline-flex min-h-8 items-center gap-1.5 rounded-full border border-line bg-surface px-3 hover:bg-hover ' +
    'aria-[current=true]:border-accent aria-[current=true]:font-semibold aria-[current=true]:text-accent';
  return (
    <ul aria-label="Kinds" className="mb-3 flex flex-wrap gap-1.5">
      {[undefined, ...kinds].map((each) => (
        <li key={each ?? 'all'}>
          <Link
            to="/"
            search={each === undefined ? {} : { kind: each }}
            activeProps={{}}
            aria-current={each === kind ? 'true' : undefined}
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
