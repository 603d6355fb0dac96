import { Link } from '@tanstack/react-router';
import type { Finding } from '../../data/needs.js';
import { useAcknowledge } from '../../data/findings.js';
import { Button, buttonLook } from '../../ui/button.js';
import { Code } from '../../ui/card.js';
import { Notice } from '../../ui/notice.js';
import { instantText, spanText } from '../../ui/format.js';
import { useNow } from '../../ui/time.js';

/** What belongs to no order, and so can be decided nowhere else. */
export function FindingItem({ finding }: { finding: Finding }) {
  const now = useNow();
  const acknowledge = useAcknowledge();
  return (
    <li className="border-b border-l-4 border-b-line border-l-bad px-3 py-2.5 last:border-b-0">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-72">
          <p className="font-semibold">{finding.text}</p>
          <p className="mt-0.5">
            {!finding.detail.includes(finding.subject) && <Code>{`${finding.subject}: `}</Code>}
            {finding.detail}
          </p>
          <p className="mt-0.5 text-muted">
            <time dateTime={finding.firstSeen} title={instantText(finding.firstSeen)}>
              for {spanText(now - Date.parse(finding.firstSeen))}
            </time>
            , no order; to be looked at by <time dateTime={finding.dueAt}>{instantText(finding.dueAt)}</time>.
            It goes away once it fits again.
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <Link data-row to="/books" className={buttonLook()}>
            See the books
          </Link>
          <Button disabled={acknowledge.isPending} onClick={() => acknowledge.mutate(finding.subject)}>
            {acknowledge.isPending ? 'Asking …' : 'Acknowledge'}
          </Button>
        </div>
      </div>
      {acknowledge.isError && <Notice tone="bad">{acknowledge.error.message}</Notice>}
    </li>
  );
}
