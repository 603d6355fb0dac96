import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import type { MailList } from '../../../../contract/development.js';
import { mailsQuery } from '../../data/queries.js';
import { Card, PageHead } from '../../ui/card.js';
import { Empty, Shown } from '../../ui/states.js';
import { Instant } from '../../ui/time.js';

type Mail = MailList['mails'][number];

/** Development: what the sandbox caught instead of sending it. */
export function MailPage() {
  const { mail: chosen, orderId } = useSearch({ from: '/mail' });
  const query = useQuery(mailsQuery({ orderId }));
  return (
    <>
      <PageHead
        title="Mail"
        lead={
          orderId
            ? `To the customer of ${orderId}.`
            : 'What the sandbox caught instead of sending it, newest first.'
        }
      >
        {orderId && (
          <Link to="/mail" search={{}} className="text-accent underline">
            All mail
          </Link>
        )}
      </PageHead>
      <Shown query={query}>
        {({ mails }) =>
          mails.length === 0 ? (
            <div className="rounded-md border border-line bg-surface">
              <Empty title="No mail yet">
                Each order’s customer is told when it is reserved, cancelled, shipped.
              </Empty>
            </div>
          ) : (
            <div className="grid gap-3 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
              <List mails={mails} chosen={chosen ?? mails[0]?.id} orderId={orderId} />
              <Reader mail={mails.find(({ id }) => id === chosen) ?? mails[0]} />
            </div>
          )
        }
      </Shown>
    </>
  );
}

function List({
  mails,
  chosen,
  orderId,
}: {
  mails: Mail[];
  chosen: string | undefined;
  orderId: string | undefined;
}) {
  return (
    <ul
      aria-label="Mails"
      className="max-h-[40dvh] overflow-y-auto lg:max-h-[70dvh] rounded-md border border-line bg-surface"
    >
      {mails.map(({ id, subject, to, receivedAt }) => (
        <li key={id} className="border-b border-line last:border-b-0">
          <Link
            data-row
            to="/mail"
            search={{ mail: id, orderId }}
            activeProps={{}}
            data-chosen={id === chosen || undefined}
            className="block border-l-4 border-transparent px-3 py-2 -outline-offset-2 hover:bg-hover data-chosen:border-accent data-chosen:bg-hover"
          >
            <span className="line-clamp-2 font-medium">
              {subject}
              {id === chosen && <span className="sr-only">, shown beside</span>}
            </span>
            <span className="block text-muted">{to.join(', ')}</span>
            <Instant at={receivedAt} className="text-muted" />
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Reader({ mail }: { mail: Mail | undefined }) {
  if (!mail) return null;
  const { id, subject, orderId } = mail;
  const toOrder = orderId !== null && (
    <Link to="/orders/$orderId" params={{ orderId }} className="font-mono text-accent underline">
      {orderId}
    </Link>
  );
  return (
    <Card title={subject} aside={toOrder} flush>
      {/* Whatever a mail holds, it runs nothing here and knows nothing of this page. */}
      <iframe
        key={id}
        title={`Mail: ${subject}`}
        sandbox=""
        src={`/api/development/mail/${encodeURIComponent(id)}/html`}
        className="h-[60dvh] w-full rounded-b-md bg-white"
      />
    </Card>
  );
}
