import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deadTemporal, secondApi } from '../api/support/second-api.js';
import { createProxy } from '../chaos/proxy.js';
import { DAY } from '../../src/domain/deadline.js';
import { called, placed } from '../support/flows.js';
import { projectRoot } from '../../src/up/project-root.js';
import { createWorld, type World } from '../support/world.js';
import { openBrowser, openTab, type WatchedPage } from './support/browser.js';
import { decide, live, openConsole, says } from './support/console.js';

/** Stories of operators, in a real browser. No page is ever reloaded unless it says so. */

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

const stays = (page: Page): Promise<unknown> => page.evaluate('window.stayed = true');
const stayed = (page: Page): Promise<unknown> => page.evaluate('window.stayed');
const row = (page: Page, orderId: string) => page.getByRole('row').filter({ hasText: orderId });

/** The Content-Security-Policy stopped nothing, and nothing failed. */
const atPeace = (...all: WatchedPage[]): void =>
  expect(all.flatMap(({ complaints }) => complaints)).toEqual([]);

describe('the day of an operator', () => {
  it('finds an order by keys alone and carries it to its end, while a second page follows by itself', async () => {
    const email = 'grace.hopper@navy.example';
    const id = await placed(world, { sku, email });
    const first = await openConsole(browser, world);
    const second = await openTab(first);
    await second.page.goto(`${world.url}/orders`);
    await row(second.page, id).getByText('awaiting release').waitFor();
    await live(second.page);
    await Promise.all([stays(first.page), stays(second.page)]);

    const { page } = first;
    await page.keyboard.press('/');
    await page.keyboard.type(email);
    await page.keyboard.press('Enter');
    await row(page, id).waitFor();
    expect(page.url()).toBe(`${world.url}/orders?q=${encodeURIComponent(email)}`);
    await page.getByRole('main').focus();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await says(page, 'awaiting release');

    await decide(page, 'Start fulfillment');
    await says(page, 'awaiting pickup');
    await row(second.page, id).getByText('awaiting pickup').waitFor();
    await decide(page, 'Item picked up');
    await says(page, 'in transit');
    expect(await page.getByRole('button', { name: 'Start fulfillment' }).count()).toBe(0);
    await decide(page, 'Confirm delivery');
    await says(page, 'completed');
    await row(second.page, id).getByText('completed').waitFor();
    await page.getByText('Delivered: the order is completed', { exact: true }).waitFor();
    expect(await page.title()).toBe(`${id}, completed · Pre-orders`);
    expect([await stayed(page), await stayed(second.page)]).toEqual([true, true]);
    atPeace(first, second);
    await page.context().close();
  });

  it('keeps filters and sort in the address, and cancels several with a preview of the money', async () => {
    const name = 'Orbit Console';
    const orbit = await world.addProduct({ name, price: 49_900, currency: 'EUR' });
    const ids = [await placed(world, { sku: orbit }), await placed(world, { sku: orbit, quantity: 2 })];
    await placed(world, { sku });
    const watched = await openConsole(browser, world, '/orders');
    const { page } = watched;
    await page.getByLabel('Product').selectOption(orbit);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByRole('link', { name: /^Deadline/ }).click();
    await page.waitForURL(`${world.url}/orders?sku=${orbit}&open=true&sort=deadline`);
    await page.reload();
    await row(page, ids[0] ?? '').waitFor();
    expect(await page.getByRole('row').count()).toBe(1 + ids.length);
    await page.getByLabel('Select all on this page').check();
    await page.getByRole('button', { name: 'Cancel …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('€1,497.00 EUR').waitFor();
    await dialog.getByRole('button', { name: 'Cancel order: 2 orders' }).click();
    await dialog.getByText('2 accepted').waitFor();
    await Promise.all(ids.map((id) => world.untilStatus(id, 'cancelled')));
    await page.keyboard.press('Escape');
    await page.getByText('No order is like that').waitFor();
    atPeace(watched);
    await page.context().close();
  });

  it('starts what is due together from the list that the need leads to', async () => {
    const releaseDate = new Date(Date.now() - 3 * DAY).toISOString();
    const due = await world.addProduct({ name: 'Comet Headset', releaseDate });
    const ids = [await placed(world, { sku: due }), await placed(world, { sku: due })];
    const watched = await openConsole(browser, world);
    const { page } = watched;
    await page
      .getByRole('listitem')
      .filter({ hasText: '2 orders of Comet Headset' })
      .getByRole('link')
      .click();
    await row(page, ids[0] ?? '').waitFor();
    expect(await page.getByRole('row').count()).toBe(1 + ids.length);
    await page.getByText('All orders found').waitFor();
    await page.getByRole('button', { name: 'Start fulfillment …' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Start fulfillment: 2 orders' }).click();
    await page.getByRole('dialog').getByText('2 accepted').waitFor();
    await Promise.all(ids.map((id) => world.untilStatus(id, 'awaiting_pickup')));
    atPeace(watched);
    await page.context().close();
  });

  it('development: moves an order past its deadline and watches it being undone', async () => {
    const id = await placed(world, { sku });
    const watched = await openConsole(browser, world, `/orders/${id}`);
    const { page } = watched;
    await page.getByRole('button', { name: 'To the deadline' }).click();
    await says(page, 'cancelled');
    await page.getByRole('heading', { name: 'Compensation log' }).waitFor();
    await page.getByText('1. release inventory').waitFor();
    await page.getByText('2. refund payment').waitFor();
    atPeace(watched);
    await page.context().close();
  });
});

describe('two operators', () => {
  it('press two buttons: one wins, the other is told why, and both pages say what is true', async () => {
    const id = await placed(world, { sku });
    const [ada, bob] = [
      await openConsole(browser, world, `/orders/${id}`),
      await openConsole(browser, world, `/orders/${id}`),
    ];
    await bob.page.getByRole('button', { name: 'Start fulfillment' }).click();
    await decide(ada.page, 'Cancel order');
    await says(bob.page, 'cancelled');
    await bob.page.getByRole('dialog').getByRole('button', { name: 'Start fulfillment' }).click();
    const refusal = bob.page.getByRole('dialog').getByRole('alert');
    expect(await refusal.textContent()).toMatch(/cancelled/);
    await bob.page.keyboard.press('Escape');
    expect(await bob.page.getByRole('button', { name: 'Start fulfillment' }).count()).toBe(0);
    await says(ada.page, 'cancelled');
    atPeace(ada, bob);
    await Promise.all([ada.page.context().close(), bob.page.context().close()]);
  });

  it('what one types stays when the other decides, and the API has the last word', async () => {
    const id = await placed(world, { sku, paymentMethod: 'pm_card_pendingRefund' });
    await world.command(id, 'cancel');
    await world.untilStatus(id, 'cancelled');
    const refund = (await world.sandbox.books(id))[0]?.refunds[0]?.id ?? '';
    await world.sandbox.refundStatus(refund, 'failed');
    await called(world, id, 'refund_failed');
    const watched = await openConsole(browser, world, '/');
    const { page } = watched;
    const item = page.getByRole('listitem').filter({ hasText: id });
    await item.getByRole('button', { name: 'Settled outside' }).click();
    await page.getByLabel('Reference').fill('SEPA 0815');
    await world.resolve(id, 'retry');
    await item.waitFor({ state: 'detached' });
    expect(await page.getByLabel('Reference').inputValue()).toBe('SEPA 0815');
    await page.getByRole('dialog').getByRole('button', { name: 'Settled outside' }).click();
    await page.getByRole('dialog').getByRole('alert').waitFor();
    expect(await page.getByLabel('Reference').inputValue()).toBe('SEPA 0815');
    atPeace(watched);
    await page.context().close();
  });
});

describe('when something is gone', () => {
  it('a lost connection is said, costs nothing that was pressed, and comes back by itself', async () => {
    const proxy = await createProxy([Number(new URL(world.url).port)]);
    const id = await placed(world, { sku });
    const at = `http://127.0.0.1:${proxy.port}`;
    const watched = await openConsole(browser, world, `/orders/${id}`, { at });
    const { page } = watched;
    await stays(page);
    proxy.refuse(true);
    await page.getByLabel('Connection: reconnecting').waitFor();
    await page.getByText('No connection to the API since').waitFor();
    await page.getByRole('button', { name: 'Start fulfillment' }).click();
    const button = page.getByRole('dialog').getByRole('button', { name: 'Start fulfillment' });
    await button.click();
    await page.getByRole('dialog').getByText('The API does not answer').waitFor();
    proxy.heal();
    await live(page);
    await button.click();
    await says(page, 'awaiting pickup');
    // What happens elsewhere while it is away is there when it is back.
    proxy.refuse(true);
    await page.getByLabel('Connection: reconnecting').waitFor();
    await world.command(id, 'item-picked');
    await world.untilStatus(id, 'in_transit');
    proxy.heal();
    await says(page, 'in transit');
    expect(await stayed(page)).toBe(true);
    atPeace(watched);
    await page.context().close();
    await proxy.close();
  });

  it('without Temporal what is decided is kept, and that is said', async () => {
    const { database, taskQueue } = world;
    const consoleFolder = `${projectRoot()}/dist/console`;
    const api = await secondApi({ database, temporal: deadTemporal(), taskQueue, consoleFolder });
    const id = await placed(world, { sku });
    const watched = await openConsole(browser, world, `/orders/${id}`, { at: api.url });
    const { page } = watched;
    await page.getByText('Temporal does not answer').waitFor();
    await decide(page, 'Cancel order');
    await page.getByLabel('Answers').getByText(`${id}: not confirmed`).waitFor();
    await says(page, 'awaiting release');
    atPeace(watched);
    await page.context().close();
    await api.close();
  });
});

describe('markup in every text field', () => {
  const markup = (where: string): string =>
    `<img src=x onerror="window.broken=1">${where}</p><script>1</script>`;

  it('is text, wherever it is shown', async () => {
    const product = await world.addProduct({
      ...{ name: markup('product'), description: markup('description'), price: 69_900 },
    });
    const body = {
      ...{ sku: product, quantity: 1, paymentMethod: 'pm_card_pendingRefund' },
      customer: {
        ...{ name: markup('customer'), email: 'inert@example.com' },
        address: { street: markup('street'), city: markup('city'), zip: '12345', country: 'US' },
      },
    };
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const reply = await world.call<{ orderId: string }>('POST', '/api/orders', body, headers);
    const id = reply.body.orderId;
    await world.command(id, 'cancel');
    await world.untilStatus(id, 'cancelled');
    await world.sandbox.refundStatus((await world.sandbox.books(id))[0]?.refunds[0]?.id ?? '', 'failed');
    await called(world, id, 'refund_failed');
    await world.resolve(id, 'settle_outside', markup('reference'));
    const watched = await openConsole(browser, world);
    const { page } = watched;
    const shown = [
      ['/', 'product'],
      ['/', 'reference'],
      [`/orders?q=${encodeURIComponent(markup('query'))}`, 'query'],
      ['/orders', 'customer'],
      [`/orders/${id}`, 'customer'],
      ['/products', 'product'],
      ['/books', 'product'],
    ] as const;
    for (const [path, what] of shown) {
      await page.goto(world.url + path);
      await page.getByRole('main').getByText(markup(what)).first().waitFor();
      expect(await page.evaluate('window.broken'), path).toBeUndefined();
      expect(await page.getByRole('main').locator('img').count(), path).toBe(0);
    }
    await page.goto(`${world.url}/mail?orderId=${id}`);
    await page.frameLocator('iframe').getByText(markup('customer')).first().waitFor();
    expect(await page.frameLocator('iframe').locator('img').count()).toBe(0);
    atPeace(watched);
    await page.context().close();
  });
});
