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
  /** Of those that were asked, with those that are open after all. */
  results: BulkResult['results'];
  state: 'new' | 'running' | 'stopping' | 'paused' | 'done';
  error: Error | undefined;
}

const notStarted: BulkRun = { orderIds: [], results: [], state: 'new', error: undefined };

/** Orders that nobody has answered for, or whose answer is open. */
function openOf({ orderIds, results }: Pick<BulkRun, 'orderIds' | 'results'>): string[] {
  const settled = new Set(results.filter(({ isOpen }) => !isOpen).map(({ orderId }) => orderId));
  return orderIds.filter((orderId) => !settled.has(orderId));
}

/** The same parts at every attempt, each with where it begins. */
function partsOf(orderIds: string[]): { from: number; part: string[] }[] {
  const starts = Array.from({ length: Math.ceil(orderIds.length / AT_ONCE) }, (_, i) => i * AT_ONCE);
  return starts.map((from) => ({ from, part: orderIds.slice(from, from + AT_ONCE) }));
}

/**
 * A command for orders that are named, part after part. Each part has its own key, the same for every attempt: one that
 * nobody answered, or that is open in part, is asked again as itself.
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
    const open = new Set(openOf({ orderIds, results }));
    // Each once: what stays open waits for a person to go on.
    for (const { from, part } of partsOf(orderIds)) {
      if (!mayGoOn.current) break;
      if (!part.some((orderId) => open.has(orderId))) continue;
      try {
        const answer = await sendBulk({ command, orderIds: part, preview: false }, `${key}-${from}`);
        const others = results.filter(({ orderId }) => !part.includes(orderId));
        if (!answer.preview) results = [...others, ...answer.results];
        setRun((now) => ({ ...now, results }));
      } catch (failure) {
        error = failure as Error;
        mayGoOn.current = false;
      }
    }
    const state = openOf({ orderIds, results }).length > 0 ? 'paused' : 'done';
    setRun({ orderIds, results, state, error });
    for (const queryKey of [['order'], ...renewed]) void client.invalidateQueries({ queryKey });
  }

  return {
    ...run,
    /** So many have no answer that holds. */
    open: openOf(run).length,
    start: (orderIds: string[]): void => void carryOn(orderIds, []),
    /** With those that are open. */
    goOn: (): void => void carryOn(run.orderIds, run.results),
    /** After the part that is on its way. */
    stop: (): void => {
      mayGoOn.current = false;
      setRun((now) => ({ ...now, state: 'stopping' }));
    },
  };
}
