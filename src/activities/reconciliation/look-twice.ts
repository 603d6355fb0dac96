import { heartbeat, sleep } from '@temporalio/activity';
import { standing } from '../../db/findings.js';
import type { Finding } from '../../domain/reconciliation.js';
import type { Deps } from '../deps.js';

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

/**
 * What is wrong at the first look and at the second: in between, what was only under way has arrived. What an earlier
 * look has found in the same words is not looked at again.
 */
export async function lookTwice(
  { db }: Pick<Deps, 'db'>,
  subjects: string[],
  look: (subject: string) => Promise<Finding[]>,
): Promise<Finding[]> {
  const unique = [...new Set(subjects)];
  const first = await each(unique, look);
  const known = await standing(db, first.flat());
  const isNew = (finding: Finding): boolean => !known.includes(finding);
  const suspects = unique.filter((_, i) => first[i]?.some(isNew));
  if (suspects.length === 0) return known;
  await sleep(BETWEEN_LOOKS_MS);
  const before = new Set(first.flat().filter(isNew).map(nameOf));
  const second = (await each(suspects, look)).flat();
  return [...known, ...second.filter((finding) => before.has(nameOf(finding)))];
}

const nameOf = ({ kind, subject }: Finding): string => `${kind} ${subject}`;
