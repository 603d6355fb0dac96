import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, useParams } from '@tanstack/react-router';
import type { OperatorOrder } from '../../../../contract/api.js';
import { callsOf } from '../../../../contract/calls.js';
import { statusWords } from '../../../../domain/words.js';
import { useSession } from '../../app/session-context.js';
import { codeOf } from '../../data/http.js';
import { historyQuery, orderQuery } from '../../data/queries.js';
import { CommandButtons } from '../../decisions/decision-buttons.js';
import { LifePicture } from '../../pictures/life-picture.js';
import { StatusBadge } from '../../ui/badge.js';
import { Card, PageHead, Title } from '../../ui/card.js';
import { words } from '../../ui/format.js';
import { Empty, Shown } from '../../ui/states.js';
import { AuditCard } from './audit.js';
import { AttentionCard } from './attention.js';
import { CompensationCard } from './compensation.js';
import { FactCards } from './fact-cards.js';
import { HistoryList } from './history-list.js';
import { NoticesCard } from './notices.js';
import { TimeCard } from './time-card.js';

export function OrderPage() {
  const { orderId } = useParams({ from: '/orders/$orderId' });
  const query = useQuery(orderQuery(orderId));
  const found = query.data?.orderId ?? orderId;
  // A beginning finds its order, as in the command line; what changes is told under the whole id.
  if (found !== orderId) return <Navigate to="/orders/$orderId" params={{ orderId: found }} replace />;
  if (query.data) return <Order order={query.data} key={orderId} />;
  const none = noOrder[codeOf(query.error) ?? ''];
  return (
    <>
      <PageHead title={orderId} />
      {none ? (
        <Empty title={none}>
          <Link to="/orders" search={{ q: orderId }} className="text-accent underline">
            Search for {orderId}
          </Link>
        </Empty>
      ) : (
        <Shown query={query} rows={10}>
          {() => null}
        </Shown>
      )}
    </>
  );
}

const noOrder: Record<string, string> = {
  not_found: 'There is no such order',
  ambiguous_id: 'Several orders begin like that',
};

function Order({ order }: { order: OperatorOrder }) {
  const { development } = useSession();
  const history = useQuery(historyQuery(order.orderId));
  return (
    <article className="space-y-3">
      <Head order={order} />
      {callsOf(order).map((call) => (
        <AttentionCard key={call.reason} order={order} call={call} />
      ))}
      <Card title="Its life">
        <Shown query={history}>{({ facts }) => <LifePicture order={order} facts={facts} />}</Shown>
      </Card>
      <div className="grid gap-3 lg:grid-cols-[minmax(0,5fr)_minmax(0,4fr)]">
        <div className="space-y-3">
          <Card title="What happened">
            <Shown query={history} rows={6}>
              {({ facts }) => <HistoryList order={order} facts={facts} />}
            </Shown>
          </Card>
          <CompensationCard orderId={order.orderId} />
        </div>
        <div className="space-y-3">
          <FactCards order={order} />
          <NoticesCard order={order} />
          {development && <TimeCard order={order} />}
        </div>
      </div>
      <AuditCard orderId={order.orderId} />
    </article>
  );
}

function Head({ order }: { order: OperatorOrder }) {
  return (
    <header className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
      <Title>{`${order.orderId}, ${words(order.status)}`}</Title>
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="font-mono">{order.orderId}</h1>
          <StatusBadge status={order.status} />
        </div>
        <p className="max-w-prose text-muted" aria-live="polite">
          {statusWords[order.status]}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        <CommandButtons about={order} allowed={order.allowedActions} />
      </div>
    </header>
  );
}
