export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** So long before its deadline an order that waits becomes a person's business. */
export const DEADLINE_NEAR_MS = 7 * DAY;

/** The last instant (epoch ms) at which fulfillment may still be started: release + grace. */
export function deadlineOf(releaseAt: number, graceMs: number): number {
  return releaseAt + graceMs;
}

/** At the deadline itself a start still counts; after it, never (DOMAIN: race 1). */
export function isPast(deadlineAt: number, now: number): boolean {
  return now > deadlineAt;
}

const units: [suffix: string, ms: number][] = [
  ['d', DAY],
  ['h', HOUR],
  ['m', MINUTE],
  ['s', SECOND],
];

/** `7d`, `36h`, `15m`, `1d12h` → milliseconds; undefined when it is not a duration. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?[dhms])+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, suffix] of text.matchAll(/(\d+(?:\.\d+)?)([dhms])/g)) {
    total += Number(amount) * (units.find(([unit]) => unit === suffix)?.[1] ?? 0);
  }
  return Number.isSafeInteger(Math.round(total)) ? Math.round(total) : undefined;
}

/** The two largest units of a span: `61d 4h`, `15m`, `0s`. */
export function formatDuration(ms: number): string {
  let rest = Math.abs(ms);
  const parts: string[] = [];
  for (const [suffix, size] of units) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${count}${suffix}`);
    rest -= count * size;
  }
  return parts.slice(0, 2).join(' ') || '0s';
}
