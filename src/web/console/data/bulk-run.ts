import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { BulkResult } from '../../../contract/console.js';
import { renewed, sendBulk, type BulkCommand } from './commands.js';
import { randomKey } from './once.js';

/** The API takes 200 at a time; with fewer there is more to see, and a stop comes soon. */
const AT_ONCE = 25;

export interface BulkRun {
  /** Which orders it is about; none before it was started. */
  orderIds: string[];
  /** Of the first ones of them. */
  results: BulkResult['results'];
  state: 'new' | 'running' | 'stopping' | 'paused' | 'done';
  error: Error | undefined;
}

const notStarted: BulkRun = { orderIds: [], results: [], state: 'new', error: undefined };

/**
 * A command for orders that are named, part after part. Each part has its own key, the same for every attempt: one that
 * nobody answered is asked again as itself.
 */
export function useBulkRun(command: BulkCommand) {
  const client = useQueryClient();
  const [key] = useState(randomKey);
  const [run, setRun] = useState(notStarted);
  const mayGoOn = useRef(false);
  // Nobody would see what comes of the rest.
  useEffect(() => () => void (mayGoOn.current = false), []);

  async function carryOn(orderIds: string[], before: BulkRun['results']): Promise<void> {
    let results = before;
    let error: Error | undefined;
    mayGoOn.current = true;
    setRun({ orderIds, results, state: 'running', error });
    while (mayGoOn.current && results.length < orderIds.length) {
      const from = results.length;
      const part = orderIds.slice(from, from + AT_ONCE);
      try {
        const answer = await sendBulk({ command, orderIds: part, preview: false }, `${key}-${from}`);
        if (!answer.preview) results = [...results, ...answer.results];
        setRun((now) => ({ ...now, results }));
      } catch (failure) {
        error = failure as Error;
        mayGoOn.current = false;
      }
    }
    setRun({ orderIds, results, state: results.length < orderIds.length ? 'paused' : 'done', error });
    for (const queryKey of [['order'], ...renewed]) void client.invalidateQueries({ queryKey });
  }

  return {
    ...run,
    start: (orderIds: string[]): void => void carryOn(orderIds, []),
    /** With those that have no answer yet. */
    goOn: (): void => void carryOn(run.orderIds, run.results),
    /** After the part that is on its way. */
    stop: (): void => {
      mayGoOn.current = false;
      setRun((now) => ({ ...now, state: 'stopping' }));
    },
  };
}
