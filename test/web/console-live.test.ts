import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placed } from '../support/flows.js';
import { createWorld, type World } from '../support/world.js';
import { openBrowser, openTab } from './support/browser.js';
import { live, openConsole, says } from './support/console.js';

/** What changes elsewhere comes to the screen by itself. No page is ever reloaded. */

let world: World;
let browser: Browser;
let sku: string;
beforeAll(async () => {
  world = await createWorld();
  browser = await openBrowser();
  sku = await world.addProduct({ name: 'Aurora Phone', price: 69_900 });
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

describe('many pages of one browser', () => {
  /** More than the six connections that a browser has to one place. */
  const MANY = 8;

  it('are all live, by one stream, also when the first of them is closed', async () => {
    const id = await placed(world, { sku });
    const first = await openConsole(browser, world, `/orders/${id}`);
    const others = [];
    for (let i = 1; i < MANY; i += 1) {
      const tab = await openTab(first);
      await tab.page.goto(`${world.url}/orders/${id}`);
      await live(tab.page);
      others.push(tab);
    }
    await first.page.close();
    await world.command(id, 'start-fulfillment');
    await Promise.all(others.map(({ page }) => says(page, 'awaiting pickup')));
    expect(others.flatMap(({ complaints }) => complaints)).toEqual([]);
    await others[0]?.page.context().close();
  });

  it('a browser that cannot share has one stream for each', async () => {
    const id = await placed(world, { sku });
    const { page } = await openConsole(browser, world);
    await page.addInitScript('delete window.SharedWorker');
    await page.goto(`${world.url}/orders/${id}`);
    await live(page);
    await world.command(id, 'start-fulfillment');
    await says(page, 'awaiting pickup');
    await page.context().close();
  });
});
