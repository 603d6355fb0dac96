import { expect } from 'vitest';
import { brokenInvariants, type Exceptions } from './checks.js';
import type { Observed } from './facts.js';

/** I1 to I7, I9 and I12 over every order of a world, or over some. */
export async function assertInvariants(
  world: Observed,
  orderIds?: string[],
  exceptions: Exceptions = {},
): Promise<void> {
  expect(await brokenInvariants(world, orderIds, exceptions)).toEqual([]);
}
