import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ManyNeeds, NeedsMe, OneNeed } from '../../../../contract/console.js';
import { CommandButtons, ResolveButtons } from '../../decisions/decision-buttons.js';
import { ProposalLine } from '../../decisions/proposal.js';
import { StatusBadge } from '../../ui/badge.js';
import { buttonLook } from '../../ui/button.js';
import { instantText, spanText } from '../../ui/format.js';
import { useNow } from '../../ui/time.js';

type Item = NeedsMe['items'][number];

const stripes: Record<Item['kind'], string> = {
  attention: 'border-l-bad',
  deadline: 'border-l-wait',
  deadlines: 'border-l-wait',
  pickup: 'border-l-wait',
  refund: 'border-l-bad',
};
/** Of a refund that only waits, nobody has to do anything yet. */
const stripeOf = (item: Item): string =>
  stripes[
    item.kind === 'refund' && item.reason === 'refund_pending' && item.call === null ? 'deadline' : item.kind
  ];

/** Why, since when, until when, and what may be done about it. */
export const NeedItem = ({ item }: { item: Item }) =>
  item.kind === 'deadlines' ? <Many item={item} /> : <One item={item} />;

function One({ item }: { item: OneNeed }) {
  const link = (look: string, text: string) => (
    <Link data-row to="/orders/$orderId" params={{ orderId: item.orderId }} className={look}>
      {text}
    </Link>
  );
  return (
    <Row
      item={item}
      about={
        <>
          {link('font-mono text-accent underline', item.orderId)}
          <span>{item.productName}</span>
          <Money item={item} />
          <StatusBadge status={item.status} />
        </>
      }
      buttons={item.allowedActions.length > 0 ? <Decisions item={item} /> : link(buttonLook(), 'Open order')}
    >
      {item.proposal && (
        <div className="mt-2">
          <ProposalLine proposal={item.proposal} reason={item.call} about={item} />
        </div>
      )}
    </Row>
  );
}

function Decisions({ item }: { item: OneNeed }) {
  const { kind, call, allowedActions } = item;
  if (call === null || kind === 'pickup') return <CommandButtons about={item} allowed={allowedActions} />;
  return (
    <ResolveButtons about={item} reason={call} allowed={allowedActions} defaultAction={item.defaultAction} />
  );
}

/** Of one product and one day: started from the list of just these orders, all at once or some of them. */
const Many = ({ item }: { item: ManyNeeds }) => (
  <Row
    item={item}
    about={<Money item={item} />}
    buttons={
      <Link
        data-row
        to="/orders"
        search={{ ...item.filter, sort: 'deadline' }}
        className={buttonLook('primary')}
      >
        See the {item.orders.toLocaleString('en-US')} orders
      </Link>
    }
  />
);

function Row({
  item,
  about,
  buttons,
  children,
}: {
  item: Item;
  about: ReactNode;
  buttons: ReactNode;
  children?: ReactNode;
}) {
  return (
    <li className={`border-b border-l-4 border-b-line px-3 py-2.5 last:border-b-0 ${stripeOf(item)}`}>
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-72">
          <p className="font-semibold">{item.text}</p>
          <p className="mt-0.5 flex flex-wrap items-center gap-x-2.5 gap-y-0.5 text-muted">{about}</p>
          <Times item={item} />
        </div>
        <div className="flex flex-wrap gap-2">{buttons}</div>
      </div>
      {children}
    </li>
  );
}

const Money = ({ item }: { item: Item }) => (
  <span className="tabular-nums">
    {item.amountText} {item.currency}
  </span>
);

/** By the order's own clock, which a fast-forward may have moved: the API counts, this only goes on counting. */
function Times({ item }: { item: Item }) {
  const wall = useNow();
  const own = Math.max(Date.parse(item.since) + item.ageMs, wall);
  const due = item.dueAt === null ? undefined : Date.parse(item.dueAt) - own;
  return (
    <p className="mt-0.5 flex flex-wrap gap-x-3 text-muted">
      {item.kind !== 'deadlines' && (
        <time dateTime={item.since} title={instantText(item.since)}>
          for {spanText(own - Date.parse(item.since))}
        </time>
      )}
      {item.dueAt !== null && due !== undefined && (
        <time dateTime={item.dueAt} className={due < 0 ? 'font-semibold text-bad' : 'text-text'}>
          {due < 0 ? `overdue by ${spanText(due)}` : `due in ${spanText(due)}`}, {instantText(item.dueAt)}
        </time>
      )}
    </p>
  );
}
