import { vi } from 'vitest';

/** Waits until `ask` answers something true, and answers that. Patient: a loaded machine is no failure. */
export const eventually = <T>(
  ask: () => T | Promise<T>,
): Promise<Exclude<Awaited<T>, false | 0 | '' | null | undefined>> =>
  vi.waitUntil(ask, { timeout: 60_000, interval: 50 }) as never;
