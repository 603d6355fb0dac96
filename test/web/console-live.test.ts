import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { called, placed, startedWith } from '../support/flows.js';
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

describe('the page of an order', () => {
  it('opens by the beginning of its id, and shows commands, mails and what others were refused', async () => {
    const id = await placed(world, { sku });
    const watched = await openConsole(browser, world, `/orders/${id.slice(0, -3)}`);
    const { page } = watched;
    await page.waitForURL(`${world.url}/orders/${id}`);
    const audit = page.getByRole('table', { name: 'Who did what' });
    await audit.getByText('place').first().waitFor();
    // Nothing of the order itself changes.
    await world.call('POST', `/api/orders/${id}/item-picked`);
    await audit.getByText('refused').first().waitFor();
    const { db } = world.database;
    const notice = { order_id: id, kind: 'delivered', detail: '{}', last_error: null };
    const far = new Date(Date.now() + 9e8).toISOString();
    await db
      .insertInto('outbox')
      .values({ ...notice, dedup_id: `${id}:late`, next_attempt_at: far })
      .execute();
    const notices = page.getByRole('region', { name: 'Notices' });
    await notices.getByText('Delivered').waitFor();
    expect(watched.complaints).toEqual([]);
    await page.context().close();
  });

  it('says what waits for a second person, however long the list of needs is', async () => {
    const id = await startedWith(world, { acceptance: 'reject' }, { sku, quantity: 2 });
    await called(world, id, 'partner_rejected');
    const watched = await openConsole(browser, world);
    const { page } = watched;
    const none = { total: 0, attention: 0, deadline: 0, pickup: 0, refund: 0 };
    await page.route('**/api/needs-me', (route) => route.fulfill({ json: { counts: none, items: [] } }));
    await page.goto(`${world.url}/orders/${id}`);
    const call = page.getByRole('region', { name: /^Needs attention/ });
    await call.waitFor();
    await world.resolve(id, 'cancel');
    await call.getByText('Another supervisor has to approve it.').waitFor();
    await page.context().close();
  });

  it('says that several orders begin like that', async () => {
    const id = await placed(world, { sku });
    await placed(world, { sku });
    const { page } = await openConsole(browser, world, `/orders/${id.slice(0, 7)}`);
    await page.getByText('Several orders begin like that').waitFor();
    await page.context().close();
  });
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
