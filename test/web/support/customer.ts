import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { axeViolations, scrollsSideways, type WatchedPage } from './browser.js';

/** SHOTS=folder looks in every theme and width by every rule, and keeps a picture of each. */
export const shots = process.env.SHOTS;
interface Look {
  colorScheme: 'light' | 'dark';
  width: number;
  /** What another theme and width can change; none: everything. */
  rules?: string[];
}
const short: Look[] = [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 360, rules: ['color-contrast', 'link-in-text-block', 'target-size'] },
];
const full = (['light', 'dark'] as const).flatMap((colorScheme): Look[] =>
  [1280, 360].map((width) => ({ colorScheme, width })),
);

/** Looks at the page as it is, in both themes and widths; what axe or a narrow window complains about fails the test. */
export async function look({ page, complaints }: WatchedPage, name: string): Promise<void> {
  if (shots) mkdirSync(shots, { recursive: true });
  for (const { colorScheme, width, rules } of shots ? full : short) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    if (shots)
      await page.screenshot({ path: join(shots, `${name}-${colorScheme}-${width}.png`), fullPage: true });
    expect(await axeViolations(page, rules), `${name}, ${colorScheme}, ${width}`).toEqual([]);
    expect(await scrollsSideways(page), `${name}, ${colorScheme}, ${width}`).toBe(false);
  }
  expect(complaints, name).toEqual([]);
}

/** The form of a product's page. */
export async function fillIn(page: Page, name = 'Ada Lovelace'): Promise<void> {
  await page.fill('#name', name);
  await page.fill('#email', 'ada@example.com');
  await page.fill('#street', name);
  await page.fill('#zip', '12345');
  await page.fill('#city', name.slice(0, 100));
  await page.selectOption('#country', 'US');
}
