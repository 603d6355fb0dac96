import { useMutation } from '@tanstack/react-query';
import { ask } from '../../data/http.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Notice } from '../../ui/notice.js';

/** The crash that every order has to survive, at the press of a button. */
export function WorkerCard() {
  const kill = useMutation({
    mutationFn: () => ask('/api/development/worker/kill', { method: 'POST' }),
  });
  return (
    <Card title="The worker">
      <div className="space-y-2">
        <p>
          Ends the worker as <code className="font-mono">kill -9</code> does, in the middle of whatever it is
          doing. Whoever ran <code className="font-mono">npm start</code> gets it back at once, and every
          order goes on where it was. The API lives in the same process: watch the mark at the top.
        </p>
        <Button tone="danger" disabled={kill.isPending} onClick={() => kill.mutate()}>
          Kill the worker
        </Button>
        {kill.isSuccess && <Notice tone="info">Killed. It is back when the mark says live again.</Notice>}
        {kill.isError && <Notice tone="bad">{kill.error.message}</Notice>}
      </div>
    </Card>
  );
}
