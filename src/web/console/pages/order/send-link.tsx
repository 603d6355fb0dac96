import type { LinkSent } from '../../../../contract/console.js';
import { ask } from '../../data/http.js';
import { useOnce } from '../../data/once.js';
import { Button } from '../../ui/button.js';

/** For a customer who has lost the mail. */
export function SendLink({ orderId }: { orderId: string }) {
  const link = useOnce(
    (id: string) => ask<LinkSent>(`/api/orders/${id}/send-link`, { method: 'POST' }),
    (id) => [['order', id]],
  );
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 pt-2">
      <Button disabled={link.isPending} onClick={() => link.mutate(orderId)}>
        Send the link again
      </Button>
      <p role="status" className={link.isError ? 'text-bad' : 'text-muted'}>
        {link.isError ? link.error.message : link.data && said(link.data)}
      </p>
    </div>
  );
}

const said = ({ queued, recipient }: LinkSent): string =>
  queued ? `It goes to ${recipient}.` : 'It was sent within the last 15 minutes: nothing more is sent.';
