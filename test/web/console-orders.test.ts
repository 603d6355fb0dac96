import type { Browser, Page, Request, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BulkAnswer } from '../../src/contract/console.js';
import { placed } from '../support/flows.js';
import { createWorld, type World } from '../support/world.js';
import { openBrowser, type WatchedPage } from './support/browser.js';
import { look, openConsole, says } from './support/console.js';

/** The list of orders, and what is done with many of them. */

let world: World;
let browser: Browser;
let watched: WatchedPage;
let page: Page;
beforeAll(async () => {
  world = await createWorld();
  browser = await openBrowser();
  watched = await openConsole(browser, world);
  page = watched.page;
});
afterAll(async () => {
  expect(watched.complaints).toEqual([]);
  await browser.close();
  await world.close();
});

const dialog = () => page.getByRole('dialog');
const button = (name: string | RegExp) => page.getByRole('button', { name });
const row = (orderId: string) => page.getByRole('row').filter({ hasText: orderId });
const beside = () => page.mouse.click(5, 400);
const asking = (from: Page): Request[] => {
  const posts: Request[] = [];
  from.on('request', (request) => request.method() === 'POST' && posts.push(request));
  return posts;
};

async function several(sku: string, n: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < n) {
    const some = Array.from({ length: Math.min(10, n - ids.length) }, () => placed(world, { sku }));
    ids.push(...(await Promise.all(some)));
  }
  return ids.sort();
}

describe('a bulk command', () => {
  it('is about what was previewed, stops when told, goes on after an answer was lost, and asks nothing twice', async () => {
    const sku = await world.addProduct();
    const ids = await several(sku, 30);
    await page.goto(`${world.url}/orders?sku=${sku}&status=awaiting_release`);
    await button('Start fulfillment …').click();
    const start = button('Start fulfillment: 30 orders');
    await start.waitFor();
    const later = await placed(world, { sku });
    // It stands in the list, below the dialog.
    await page.locator('tr', { hasText: later }).waitFor();

    const runs: Route[] = [];
    await page.route('**/api/orders/bulk', async (route) => {
      runs.push(route);
      if (runs.length === 2) {
        await route.fetch();
        await route.abort();
      } else if (runs.length > 2) await route.continue();
    });
    await start.click();
    await expect.poll(() => runs.length).toBe(1);
    await page.keyboard.press('Escape');
    await button('Stop').click();
    await runs[0]?.continue();
    const goOn = button('Go on with the other 5');
    await goOn.waitFor();
    expect(await dialog().getByRole('status').textContent()).toMatch(/, 5 to go$/);
    expect(runs).toHaveLength(1);
    await beside();
    await look(watched, 'orders-bulk-run');

    const gone = ids[27] ?? '';
    await world.command(gone, 'cancel');
    await world.untilStatus(gone, 'cancelled');
    await goOn.click();
    await dialog().getByText('The API does not answer').waitFor();
    await goOn.click();
    await dialog()
      .getByText(/, 1 rejected$/)
      .waitFor();
    await dialog().getByText('it is cancelled').waitFor();
    const asked = runs.map((route) => ({
      key: route.request().headers()['idempotency-key'],
      ids: (route.request().postDataJSON() as { orderIds: string[] }).orderIds,
    }));
    expect(asked.map((one) => one.ids)).toEqual([ids.slice(0, 25), ids.slice(25), ids.slice(25)]);
    expect(asked[1]?.key).toBe(asked[2]?.key);
    expect(asked[0]?.key).not.toBe(asked[1]?.key);
    expect((await world.order(later)).status).toBe('awaiting_release');
    const { db } = world.database;
    const commands = db.selectFrom('commands').select('id').where('kind', '=', 'start-fulfillment');
    expect(await commands.execute()).toHaveLength(29);
    await page.unroute('**/api/orders/bulk');
    await button('Close').click();
  });

  it('asks again, under the same key, for what broke on our side, and says what is left for a second run', async () => {
    const sku = await world.addProduct();
    const [broken = ''] = await several(sku, 2);
    const keys: (string | undefined)[] = [];
    await page.route('**/api/orders/bulk', async (route) => {
      const answer = await route.fetch();
      const body = (await answer.json()) as BulkAnswer;
      if (body.preview) return route.fulfill({ json: { ...body, matched: 2347, allowed: 2347, left: 2345 } });
      keys.push(route.request().headers()['idempotency-key']);
      if (keys.length > 1) return route.fulfill({ json: body });
      const results = body.results.map((one) =>
        one.orderId === broken
          ? { ...one, answer: 'not_confirmed', message: 'It broke.', isOpen: true }
          : one,
      );
      return route.fulfill({ json: { ...body, results } });
    });
    await page.goto(`${world.url}/orders?sku=${sku}&status=awaiting_release`);
    await button('Start fulfillment …').click();
    await dialog().getByText('The other 2,345 are left for a second run').waitFor();
    await look(watched, 'orders-bulk-left');
    await button('Start fulfillment: 2 orders').click();
    await dialog().getByText('It broke.').waitFor();
    await look(watched, 'orders-bulk-open');
    await button('Go on with the other 1').click();
    await button(/^Go on/).waitFor({ state: 'detached' });
    await dialog().getByText('It broke.').waitFor({ state: 'detached' });
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
    await page.unroute('**/api/orders/bulk');
    await button('Close').click();
  });
});

describe('what is selected', () => {
  it('is on the screen: another filter ends it, and what leaves the list drops out', async () => {
    const [one, two] = [await world.addProduct(), await world.addProduct()];
    const [first = '', second = ''] = await several(one, 2);
    await several(two, 1);
    await page.goto(`${world.url}/orders?sku=${one}&status=awaiting_release`);
    await page.getByLabel(`Select ${first}`).check();
    await page.getByLabel(`Select ${second}`).check();
    await page.getByText('2 selected orders').waitFor();
    await world.command(first, 'cancel');
    await page.getByText('1 selected order').waitFor();
    await page.getByLabel('Product').selectOption(two);
    await row(second).waitFor({ state: 'detached' });
    await page.getByText('All orders found').waitFor();
    await page.goBack();
    await row(second).waitFor();
    expect(await page.getByLabel(`Select ${second}`).isChecked()).toBe(false);
    await page.getByText('All orders found').waitFor();
  });

  it('on a phone, too: all at once, and in the order that is asked for', async () => {
    const sku = await world.addProduct();
    await several(sku, 2);
    await page.setViewportSize({ width: 360, height: 860 });
    await page.goto(`${world.url}/orders?sku=${sku}`);
    await page.getByRole('link', { name: 'Deadline' }).click();
    await page.waitForURL(`${world.url}/orders?sku=${sku}&sort=deadline`);
    await page.getByLabel('Select all on this page').check();
    await page.getByText('2 selected orders').waitFor();
    await look(watched, 'orders-selected');
  });
});

it('near deadlines are a list of their own, the nearest first', async () => {
  await page.goto(`${world.url}/orders?sort=-updated`);
  await button('Deadline within 7 days or past').click();
  await page.waitForURL(`${world.url}/orders?sort=deadline&deadlineNear=true`);
  await button('Deadline within 7 days or past').click();
  await page.waitForURL(`${world.url}/orders`);
});

describe('a dialog', () => {
  it('is not agreed to by the key that opened it and is still held', async () => {
    const id = await placed(world);
    await page.goto(`${world.url}/orders/${id}`);
    await button('Cancel order').focus();
    const posts = asking(page);
    for (let i = 0; i < 4; i += 1) await page.keyboard.down('Enter');
    await dialog().waitFor();
    for (let i = 0; i < 4; i += 1) await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    expect(posts).toEqual([]);
    await page.keyboard.press('Enter');
    await says(page, 'cancelled');
  });

  it('keeps what was typed when somebody clicks beside it, and else closes', async () => {
    await page.goto(`${world.url}/products`);
    const open = button('Add a product …');
    await open.click();
    await dialog().waitFor();
    await beside();
    await dialog().waitFor({ state: 'detached' });
    await open.click();
    await page.getByLabel('Name').fill('Aurora Phone');
    await beside();
    await button('Close').hover();
    expect(await page.getByLabel('Name').inputValue()).toBe('Aurora Phone');
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
  });
});
