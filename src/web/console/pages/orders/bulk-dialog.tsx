import { useQuery } from '@tanstack/react-query';
import type { BulkBody } from '../../../../contract/console.js';
import { commandWords } from '../../data/action-words.js';
import { useBulkRun } from '../../data/bulk-run.js';
import { sendBulk, type BulkCommand } from '../../data/commands.js';
import { Button } from '../../ui/button.js';
import { Dialog, DialogButtons } from '../../ui/dialog.js';
import { countText } from '../../ui/format.js';
import { Notice } from '../../ui/notice.js';
import { Shown } from '../../ui/states.js';
import { BulkPreview } from './bulk-preview.js';
import { BulkResults } from './bulk-results.js';

export interface BulkWish {
  command: BulkCommand;
  which: Pick<BulkBody, 'orderIds' | 'filter'>;
  /** Of those that are meant. */
  name: string;
}

/** First which orders and how much money, then the run, then what came of each. */
export function BulkDialog({ wish, onClose }: { wish: BulkWish; onClose: () => void }) {
  const { command, which, name } = wish;
  const preview = useQuery({
    queryKey: ['bulk-preview', command, which],
    queryFn: () => sendBulk({ command, ...which, preview: true }),
    // What somebody is about to agree to must not change under the button.
    staleTime: 'static',
    gcTime: 0,
  });
  const run = useBulkRun(command);
  const { label, grave } = commandWords[command];
  const orderIds = preview.data?.preview ? preview.data.orderIds : [];
  const isRunning = run.state === 'running' || run.state === 'stopping';
  const left = run.orderIds.length - run.results.length;
  return (
    <Dialog title={`${label}: ${name}`} onClose={onClose} isBusy={run.open > 0}>
      <div className="mt-3 space-y-3">
        {run.state === 'new' ? (
          <Shown query={preview} rows={3}>
            {(data) => data.preview && <BulkPreview preview={data} isFound={which.filter !== undefined} />}
          </Shown>
        ) : (
          <BulkResults results={run.results} left={left} isRunning={isRunning} />
        )}
        {run.error && <Notice tone="bad">{run.error.message}</Notice>}
      </div>
      <DialogButtons>
        {isRunning ? (
          <Button disabled={run.state === 'stopping'} onClick={run.stop}>
            Stop
          </Button>
        ) : (
          <Button onClick={onClose}>Close</Button>
        )}
        {isRunning && (
          // Where the button was that started it, so that a double click does not stop it.
          <Button disabled>{run.state === 'stopping' ? 'Stopping …' : 'Asking …'}</Button>
        )}
        {run.state === 'new' && orderIds.length > 0 && (
          <Button tone={grave ? 'danger' : 'primary'} onClick={() => run.start(orderIds)}>
            {label}: {countText(orderIds.length, 'order')}
          </Button>
        )}
        {run.state === 'paused' && (
          <Button tone={grave ? 'danger' : 'primary'} onClick={run.goOn}>
            Go on with the other {run.open.toLocaleString('en-US')}
          </Button>
        )}
      </DialogButtons>
    </Dialog>
  );
}
