import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { World } from '../../support/world.js';
import { axeViolations, openPage, scrollsSideways, type WatchedPage } from './browser.js';

/** SHOTS=folder keeps a picture of every page that is looked at. */
const shots = process.env.SHOTS;

export const HEIGHT = 860;

/** An operator's browser, signed in by a one-time link, as `npm start` prints it. `at`: another address of the API. */
export async function openConsole(
  browser: Browser,
  world: Pick<World, 'call' | 'url'>,
  path = '/',
  { at = world.url, ...options }: BrowserContextOptions & { at?: string } = {},
): Promise<WatchedPage> {
  const watched = await openPage(browser, { viewport: { width: 1280, height: HEIGHT }, ...options });
  const link = await world.call<{ url: string }>('POST', '/api/sign-in-links', { to: 'console' });
  const { page } = watched;
  await page.goto(at + new URL(link.body.url).pathname + new URL(link.body.url).search);
  if (path !== '/') await page.goto(at + path);
  await live(page);
  return watched;
}

export const mark = (page: Page) => page.getByRole('status', { name: /^Connection:/ });
export const live = (page: Page): Promise<void> => page.getByLabel('Connection: live').waitFor();

/** The button that opens a decision, and then the one that takes it. */
export async function decide(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).first().click();
  await page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
}

/** Until the order's page says so in its head. */
export const says = (page: Page, status: string): Promise<void> =>
  page.locator('article > header').getByText(status, { exact: true }).waitFor();

const themes = ['light', 'dark'] as const;
const widths = [1280, 360];

/**
 * Looks at the page as it is, in both themes and widths. A theme changes colours alone, so in the dark one only they are
 * judged again.
 */
export async function look({ page, complaints }: WatchedPage, name: string): Promise<void> {
  if (shots) mkdirSync(shots, { recursive: true });
  for (const width of widths) {
    await page.setViewportSize({ width, height: HEIGHT });
    for (const colorScheme of themes) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      if (shots)
        await page.screenshot({ path: join(shots, `${name}-${colorScheme}-${width}.png`), fullPage: true });
      const rules = colorScheme === 'dark' ? ['color-contrast'] : undefined;
      expect(await axeViolations(page, rules), `${name}, ${colorScheme}, ${width}`).toEqual([]);
    }
    expect(await scrollsSideways(page), `${name}, ${width}`).toBe(false);
  }
  await page.setViewportSize({ width: 1280, height: HEIGHT });
  expect(complaints, name).toEqual([]);
}

/** What the first screen of a page shows, for the README. */
export async function keep(
  { page }: WatchedPage,
  name: string,
  colorScheme: 'light' | 'dark',
): Promise<void> {
  if (!shots) return;
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.screenshot({ path: join(shots, `${name}.png`) });
}
