import { Link } from '@tanstack/react-router';
import type { NeedsMe } from '../../../../contract/console.js';
import { CommandButtons, ResolveButtons } from '../../decisions/decision-buttons.js';
import { ProposalLine } from '../../decisions/proposal.js';
import { StatusBadge } from '../../ui/badge.js';
import { instantText, spanText } from '../../ui/format.js';
import { useNow } from '../../ui/time.js';

type Item = NeedsMe['items'][number];

const stripes: Record<Item['kind'], string> = {
  attention: 'border-l-bad',
  deadline: 'border-l-wait',
  pickup: 'border-l-wait',
  refund: 'border-l-bad',
};

/** Why, since when, until when, and what may be done about it. */
export function NeedItem({ item }: { item: Item }) {
  const about = item;
  return (
    <li className={`border-b border-l-4 border-b-line px-3 py-2.5 last:border-b-0 ${stripes[item.kind]}`}>
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-72">
          <p className="font-semibold">{item.text}</p>
          <p className="mt-0.5 flex flex-wrap items-center gap-x-2.5 gap-y-0.5 text-muted">
            <Link
              data-row
              to="/orders/$orderId"
              params={{ orderId: item.orderId }}
              className="font-mono text-accent underline"
            >
              {item.orderId}
            </Link>
            <span>{item.productName}</span>
            <span className="tabular-nums">
              {item.amountText} {item.currency}
            </span>
            <StatusBadge status={item.status} />
          </p>
          <Times item={item} />
        </div>
        <div className="flex flex-wrap gap-2">
          {item.kind === 'attention' ? (
            <ResolveButtons about={about} allowed={item.allowedActions} defaultAction={item.defaultAction} />
          ) : (
            <CommandButtons about={about} allowed={item.allowedActions} />
          )}
        </div>
      </div>
      {item.proposal && (
        <div className="mt-2">
          <ProposalLine proposal={item.proposal} about={about} />
        </div>
      )}
    </li>
  );
}

/** By the order's own clock, which a fast-forward may have moved: the API counts, this only goes on counting. */
function Times({ item }: { item: Item }) {
  const wall = useNow();
  const own = Math.max(Date.parse(item.since) + item.ageMs, wall);
  const due = item.dueAt === null ? undefined : Date.parse(item.dueAt) - own;
  return (
    <p className="mt-0.5 flex flex-wrap gap-x-3 text-muted">
      <time dateTime={item.since} title={instantText(item.since)}>
        for {spanText(own - Date.parse(item.since))}
      </time>
      {item.dueAt !== null && due !== undefined && (
        <time dateTime={item.dueAt} className={due < 0 ? 'font-semibold text-bad' : 'text-text'}>
          {due < 0 ? `overdue by ${spanText(due)}` : `due in ${spanText(due)}`}, {instantText(item.dueAt)}
        </time>
      )}
    </p>
  );
}
