import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ask } from '../../data/http.js';
import { faultsQuery } from '../../data/queries.js';
import { Button } from '../../ui/button.js';
import { Card, Code } from '../../ui/card.js';
import { words } from '../../ui/format.js';
import { Notice } from '../../ui/notice.js';
import { Empty, Shown } from '../../ui/states.js';
import { hitsText, kindWords, targetWords } from './fault-words.js';

const path = '/api/development/faults';

export function Faults() {
  const client = useQueryClient();
  const query = useQuery(faultsQuery);
  const end = useMutation({
    mutationFn: (id?: string) => ask(id === undefined ? path : `${path}/${id}`, { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['faults'] }),
  });
  return (
    <Card
      title="Faults that are set"
      flush
      aside={
        <Button disabled={end.isPending} onClick={() => end.mutate(undefined)}>
          Partners behave again
        </Button>
      }
    >
      {end.isError && (
        <Notice tone="bad" className="m-3">
          {end.error.message}
        </Notice>
      )}
      <Shown query={query}>
        {({ faults }) =>
          faults.length === 0 ? (
            <Empty title="None: the partners behave" />
          ) : (
            <ul>
              {faults.map((fault) => (
                <li
                  key={fault.id}
                  className="flex flex-wrap items-center justify-between gap-2 border-b border-line px-3 py-2 last:border-b-0"
                >
                  <div className="min-w-0">
                    <p>
                      <strong>{targetWords[fault.target]}</strong> {kindWords[fault.kind]}
                    </p>
                    <p className="flex flex-wrap gap-x-3 text-muted">
                      <span>{fault.operation ? words(fault.operation) : 'every call'}</span>
                      <span>{hitsText(fault)}</span>
                      {fault.match && <Code>{fault.match}</Code>}
                    </p>
                  </div>
                  <Button disabled={end.isPending} onClick={() => end.mutate(fault.id)}>
                    End
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
    </Card>
  );
}
