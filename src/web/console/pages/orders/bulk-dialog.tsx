import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { BulkBody, BulkPreview, BulkResult } from '../../../../contract/console.js';
import { commandWords } from '../../data/action-words.js';
import { sendBulk, useBulk } from '../../data/commands.js';
import { Button } from '../../ui/button.js';
import { Dialog, DialogButtons } from '../../ui/dialog.js';
import { countText, words } from '../../ui/format.js';
import { Notice } from '../../ui/notice.js';
import { Shown } from '../../ui/states.js';
import { BulkResults } from './bulk-results.js';

type Which = Pick<BulkBody, 'orderIds' | 'filter'>;

/** First how many and how much money, then the run, then what came of each. */
export function BulkDialog({
  command,
  which,
  name,
  onClose,
}: {
  command: BulkBody['command'];
  which: Which;
  name: string;
  onClose: () => void;
}) {
  const [results, setResults] = useState<BulkResult['results']>([]);
  const [remaining, setRemaining] = useState<number>();
  const preview = useQuery({
    queryKey: ['bulk-preview', command, which],
    queryFn: () => sendBulk({ command, ...which, preview: true }),
    staleTime: 0,
    gcTime: 0,
    // The numbers that somebody is about to agree to must not change under the button.
    refetchOnWindowFocus: false,
  });
  const bulk = useBulk();
  const { label, grave } = commandWords[command];

  const run = async (expected: number): Promise<void> => {
    const answer = await bulk.mutateAsync({ command, ...which, preview: false, expected });
    if (answer.preview) return;
    setResults((before) => [...before, ...answer.results]);
    setRemaining(answer.remaining);
    if (answer.remaining > 0 && answer.results.length > 0) await run(answer.remaining);
  };
  // What went wrong is in `bulk.error`, and shown.
  const start = (expected: number): void => void run(expected).catch(() => undefined);
  const again = (): void => {
    bulk.reset();
    void preview.refetch();
  };

  return (
    <Dialog title={`${label}: ${name}`} onClose={onClose}>
      <div className="mt-3 space-y-3">
        {results.length === 0 && (
          <Shown query={preview} rows={3}>
            {(data) => data.preview && <Preview preview={data} />}
          </Shown>
        )}
        {bulk.isError && (
          <Notice tone="bad">
            <p>{bulk.error.message}</p>
            <Button className="mt-2" onClick={again}>
              Count again
            </Button>
          </Notice>
        )}
        {results.length > 0 && (
          <BulkResults results={results} remaining={remaining ?? 0} isRunning={bulk.isPending} />
        )}
      </div>
      <DialogButtons>
        <Button onClick={onClose}>Close</Button>
        {results.length === 0 && preview.data?.preview && preview.data.allowed > 0 && (
          <Button
            tone={grave ? 'danger' : 'primary'}
            disabled={bulk.isPending || preview.isFetching}
            onClick={() => preview.data.preview && start(preview.data.allowed)}
          >
            {bulk.isPending ? 'Asking …' : `${label}: ${countText(preview.data.allowed, 'order')}`}
          </Button>
        )}
        {results.length > 0 && !bulk.isPending && (remaining ?? 0) > 0 && (
          <Button onClick={() => start(remaining ?? 0)}>Go on with the other {remaining}</Button>
        )}
      </DialogButtons>
    </Dialog>
  );
}

function Preview({ preview }: { preview: BulkPreview }) {
  const { command, matched, allowed, money, notAllowed, unknown } = preview;
  return (
    <>
      <p className="text-base">
        <strong>{allowed.toLocaleString('en-US')}</strong> of {countText(matched, 'order')} can be asked.
      </p>
      {allowed > 0 && <p>{commandWords[command].effect}</p>}
      {money.length > 0 && (
        <dl className="rounded-sm bg-sunken px-3 py-2">
          <dt className="text-muted">
            {command === 'cancel' ? 'Money that goes back' : 'Worth of these orders'}
          </dt>
          {money.map(({ currency, amountText, orders }) => (
            <dd key={currency} className="tabular-nums">
              <strong>
                {amountText} {currency}
              </strong>{' '}
              <span className="text-muted">({countText(orders, 'order')})</span>
            </dd>
          ))}
        </dl>
      )}
      {notAllowed.length > 0 && (
        <div>
          <p className="text-muted">Left as they are:</p>
          <ul className="list-disc pl-5">
            {notAllowed.map(({ status, count, text }) => (
              <li key={status}>
                {count} {words(status)}: {text}
              </li>
            ))}
          </ul>
        </div>
      )}
      {unknown.length > 0 && <p>Not found: {unknown.join(', ')}</p>}
    </>
  );
}
