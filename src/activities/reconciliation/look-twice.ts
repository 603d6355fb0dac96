import { heartbeat, sleep } from '@temporalio/activity';
import type { Finding } from '../../domain/reconciliation.js';

/** A write that is under way is over by then, the gateway's answer included. */
const BETWEEN_LOOKS_MS = 1_000;
const AT_ONCE = 8;

export async function each<T, U>(items: T[], work: (item: T) => Promise<U>): Promise<U[]> {
  const results: U[] = [];
  for (let i = 0; i < items.length; i += AT_ONCE) {
    heartbeat();
    results.push(...(await Promise.all(items.slice(i, i + AT_ONCE).map(work))));
  }
  return results;
}

/** What is wrong at the first look and at the second: in between, what was only under way has arrived. */
export async function lookTwice(
  subjects: string[],
  look: (subject: string) => Promise<Finding[]>,
): Promise<Finding[]> {
  const unique = [...new Set(subjects)];
  const first = await each(unique, look);
  const suspects = unique.filter((_, i) => (first[i]?.length ?? 0) > 0);
  if (suspects.length === 0) return [];
  await sleep(BETWEEN_LOOKS_MS);
  const before = new Set(first.flat().map(({ kind, subject }) => `${kind} ${subject}`));
  const second = (await each(suspects, look)).flat();
  return second.filter(({ kind, subject }) => before.has(`${kind} ${subject}`));
}
