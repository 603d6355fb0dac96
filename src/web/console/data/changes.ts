import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { listen } from './live.js';

/** Lists that any order may change; in a storm of changes they are read again so often and not more. */
const lists = [['orders'], ['needs-me']];
const LISTS_EVERY_MS = 800;
/** The figures read every order there ever was. */
const FIGURES_EVERY_MS = 10_000;

function createRenewal(client: QueryClient, atMostEveryMs: number) {
  const waiting = new Map<string, readonly unknown[]>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = 0;
  const run = (): void => {
    timer = undefined;
    last = Date.now();
    const keys = [...waiting.values()];
    waiting.clear();
    for (const queryKey of keys) void client.invalidateQueries({ queryKey });
  };
  return {
    renew(...keys: readonly unknown[][]): void {
      for (const key of keys) waiting.set(JSON.stringify(key), key);
      timer ??= setTimeout(run, Math.max(0, last + atMostEveryMs - Date.now()));
    },
    stop: (): void => clearTimeout(timer),
  };
}

const orderIdOf = (data = '{}'): string => (JSON.parse(data) as { orderId: string }).orderId;

/** Keeps what is on the screen what is so, for as long as it is mounted. */
export function useLive(): void {
  const client = useQueryClient();
  useEffect(() => {
    const shown = createRenewal(client, LISTS_EVERY_MS);
    const figures = createRenewal(client, FIGURES_EVERY_MS);
    const stop = listen(({ name, data }) => {
      switch (name) {
        case 'order':
        case 'attention':
          shown.renew(['order', orderIdOf(data)], ...lists);
          figures.renew(['figures']);
          break;
        case 'record':
          shown.renew(['order', orderIdOf(data)]);
          break;
        case 'reconciliation':
          shown.renew(['reconciliation'], ['needs-me']);
          figures.renew(['figures']);
          break;
        case 'product':
          shown.renew(['figures'], ['products']);
          break;
        case 'open':
        case 'reset':
          void client.invalidateQueries();
          break;
        case 'lost':
          void client.invalidateQueries({ queryKey: ['session'] });
          break;
        case 'ping':
          break;
      }
    });
    return () => {
      stop();
      shown.stop();
      figures.stop();
    };
  }, [client]);
}
