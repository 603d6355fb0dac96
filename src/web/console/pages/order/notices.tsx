import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { OperatorOrder } from '../../../../contract/api.js';
import { useSession } from '../../app/session-context.js';
import { noticesQuery } from '../../data/queries.js';
import { Badge } from '../../ui/badge.js';
import { Card } from '../../ui/card.js';
import { sentence } from '../../ui/format.js';
import { Empty, Shown } from '../../ui/states.js';
import { Instant } from '../../ui/time.js';
import { CorrectEmail } from './correct-email.js';
import { SendLink } from './send-link.js';

/** Mails to the customer. */
export function NoticesCard({ order }: { order: OperatorOrder }) {
  const { orderId } = order;
  const { development } = useSession();
  const query = useQuery(noticesQuery(orderId));
  const toMail = (
    <Link to="/mail" search={{ orderId }} className="text-accent underline">
      As the customer sees them
    </Link>
  );
  return (
    <Card title="Notices to the customer" aside={development && toMail}>
      <div className="flex flex-wrap items-center justify-between gap-x-4 pb-1.5">
        <p className="min-w-0 wrap-anywhere text-muted">To {order.customer?.email}</p>
        <CorrectEmail order={order} />
      </div>
      <Shown query={query} rows={2}>
        {({ notices }) =>
          notices.length === 0 ? (
            <Empty title="None yet" />
          ) : (
            <ol className="space-y-1.5">
              {notices.map((notice) => (
                <li key={notice.id}>
                  <div className="flex flex-wrap items-baseline justify-between gap-x-4">
                    <p className="flex flex-wrap items-baseline gap-x-2">
                      {sentence(notice.kind)}
                      <Badge tone={notice.sentAt === null ? 'wait' : 'good'}>
                        {notice.sentAt === null ? 'queued' : 'sent'}
                      </Badge>
                    </p>
                    <Instant at={notice.sentAt ?? notice.queuedAt} className="text-muted tabular-nums" />
                  </div>
                  {notice.recipient === null && <p className="text-muted">to the earlier address</p>}
                  {notice.sentAt === null && notice.lastError && (
                    <p className="text-bad">
                      Attempt {notice.attempts}: {notice.lastError}
                    </p>
                  )}
                </li>
              ))}
            </ol>
          )
        }
      </Shown>
      <SendLink orderId={orderId} />
    </Card>
  );
}
