import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { called, inTransit, placed, startedWith } from '../support/flows.js';
import { orderLink } from '../support/order-link.js';
import { createWorld, type World } from '../support/world.js';
import { openBrowser, openPage, type WatchedPage } from './support/browser.js';
import { fillIn, look, shots } from './support/customer.js';
import { inDays } from './support/shop.js';

let world: World;
let browser: Browser;
let sku: string;
beforeAll(async () => {
  [world, browser] = await Promise.all([createWorld(), openBrowser()]);
  const name = 'Aurora Phone';
  const description = 'Six inches of northern light.\nComes with a cable, a cover and a charger.';
  sku = await world.addProduct({ name, description, price: 69_900, releaseDate: inDays(90) });
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

/** The picture of the README. */
async function forReaders(page: Page, path: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 760, height: 800 });
  await page.screenshot({ path, fullPage: true });
}

const open = async (path: string, options: BrowserContextOptions = {}): Promise<WatchedPage> => {
  const watched = await openPage(browser, options);
  await watched.page.goto(world.url + path);
  return watched;
};

async function openOrder(orderId: string): Promise<WatchedPage> {
  const watched = await openPage(browser);
  await watched.page.goto((await orderLink(world, orderId)).link);
  await watched.page.waitForSelector('#status');
  return watched;
}

const heading = (page: Page): Promise<string | null> => page.textContent('h1');

describe('stories', () => {
  it.concurrent(
    'without JavaScript, a customer orders, follows the link in the mail, and cancels',
    async () => {
      const { page, complaints } = await open('/shop', { javaScriptEnabled: false });
      await page.click('text=Aurora Phone');
      await fillIn(page);
      await page.click('text=Pre-order and pay');
      expect(await heading(page)).toBe('Your pre-order is confirmed');
      const orderId = new URL(page.url()).pathname.split('/')[2] ?? '';
      await page.context().clearCookies();
      await page.goto('about:blank');

      const { link, code } = await orderLink(world, orderId);
      await page.goto(link);
      expect(await heading(page)).toBe('Open your order');
      await page.fill('#code', code);
      await page.click('text=Open my order');
      expect(page.url()).toBe(`${world.url}/order/${orderId}`);
      await page.click('text=Cancel this order');
      expect(await page.textContent('main')).toContain('$699.00 USD');
      await page.click('text=Yes, cancel my order');
      expect(await heading(page)).toMatch(/^Your order is (being )?cancelled$/);
      await world.untilStatus(orderId, 'cancelled');
      await page.click('text=See your order');
      expect(await heading(page)).toBe('Your order is cancelled');
      expect(complaints).toEqual([]);
    },
  );

  it.concurrent(
    'the link opens the order, the address keeps no code, and the page follows by itself',
    async () => {
      const id = await placed(world, { sku });
      const { page } = await openPage(browser);
      await page.clock.install();
      await page.goto((await orderLink(world, id)).link);
      await page.waitForSelector('#status');
      expect(page.url()).toBe(`${world.url}/order/${id}`);
      await page.evaluate('window.stayed = true');
      await page.focus('text=Cancel this order');
      await world.command(id, 'start-fulfillment');
      await world.untilStatus(id, 'awaiting_pickup');
      await page.clock.runFor(11_000);
      await page.waitForSelector('text=Waiting to be picked up');
      expect(await page.evaluate('window.stayed')).toBe(true);
      expect(await page.evaluate('document.activeElement.textContent')).toContain('Cancel this order');
      expect(await page.textContent('#news')).toBe('Waiting to be picked up');
    },
  );

  it.concurrent('by keyboard alone, a customer says that the parcel has arrived', async () => {
    const { page } = await openOrder(await inTransit(world, { sku }));
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.className')).toBe('skip');
    await page.keyboard.press('Enter');
    const pressed = async (text: string): Promise<void> => {
      for (let tabs = 0; tabs < 12; tabs++) {
        await page.keyboard.press('Tab');
        if (String(await page.evaluate('document.activeElement.textContent')).includes(text)) break;
      }
      await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    };
    await pressed('It has arrived');
    await pressed('Yes, I have it');
    expect(await heading(page)).toBe('Thank you. Your order is complete');
  });

  it.concurrent("another order's code opens nothing: 404, as for an order that does not exist", async () => {
    const [mine, foreign] = [await placed(world, { sku }), await placed(world, { sku })];
    const { code } = await orderLink(world, mine);
    for (const id of [foreign, 'po_000000000000000000']) {
      const { page } = await openPage(browser);
      const reply = page.waitForResponse((each) => each.request().method() === 'POST');
      await page.goto(`${world.url}/order/${id}#${code}`);
      expect((await reply).status()).toBe(404);
      await page.waitForSelector('text=We found no order for this code');
      expect(await page.context().cookies()).toEqual([]);
    }
  });

  it.concurrent('markup in every field, and very long words, are text and nothing else', async () => {
    const evil = `"><img src=x onerror="document.title='gone'"><script>document.title='gone'</script>`;
    const long = `${evil}${'Donaudampfschifffahrtsgesellschaft'.repeat(6)}`.slice(0, 200);
    const of = await world.addProduct({
      name: long,
      description: `${evil}\n${evil}`,
      price: 1_200_000,
      currency: 'JPY',
    });
    const watched = await open(`/shop/${of}`);
    const { page } = watched;
    await look(watched, 'long-product');
    await fillIn(page, long);
    await page.click('text=Pre-order and pay');
    await page.waitForSelector('#status');
    await look(watched, 'long-order');
    await page.goto(`${world.url}/shop`);
    await look(watched, 'shop');
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(await page.title()).toBe('Pre-orders');
  });
});

describe('looks right and is accessible, light and dark, wide and narrow', () => {
  it.concurrent('product, sold out', async () => {
    await look(await open(`/shop/${sku}`), 'product');
    const soldOut = await world.addProduct({ name: 'Vinyl Box, limited', capacity: 1 });
    await placed(world, { sku: soldOut });
    await look(await open(`/shop/${soldOut}`), 'sold-out');
  });

  it.concurrent('form with errors', async () => {
    const watched = await open(`/shop/${sku}`);
    const { page } = watched;
    await page.evaluate("document.querySelector('form').noValidate = true");
    await page.fill('#name', 'Ada');
    await page.fill('#email', 'ada at example');
    await page.click('text=Pre-order and pay');
    await page.waitForSelector('[role=alert]');
    expect(await page.evaluate('document.activeElement.className')).toBe('alert');
    await look(watched, 'form-errors');
  });

  it.concurrent('Back after an order, and the form once more', async () => {
    const watched = await open(`/shop/${await world.addProduct({ name: 'Aurora Phone', price: 69_900 })}`);
    const { page } = watched;
    await fillIn(page);
    await page.click('text=Pre-order and pay');
    await page.waitForSelector('#status');
    const order = page.url();
    await page.goBack();
    await fillIn(page);
    await page.click('text=Pre-order and pay');
    await page.waitForSelector('text=Order it once more?');
    await look(watched, 'once-more');
    await page.click('text=See that order');
    expect(page.url()).toBe(order);
  });

  it.concurrent('code and not found', async () => {
    const watched = await open('/order/po_000000000000000000');
    await look(watched, 'code');
    await watched.page.fill('#code', 'pot_wrong');
    await watched.page.click('text=Open my order');
    await look(watched, 'not-found');
    await look(await open('/shop/no-such-product'), 'no-product');
    await watched.page.click('text=Have your link sent again');
    expect(await watched.page.inputValue('#order')).toBe('po_000000000000000000');
    await look(watched, 'link');
    await watched.page.fill('#email', 'ada@example.com');
    await watched.page.click('text=Send my link');
    await watched.page.waitForSelector('text=Look into your mail');
    await look(watched, 'link-asked');
  });

  it.concurrent('order waiting, cancel question, cancelled with the refund sent', async () => {
    const id = await placed(world, { sku, quantity: 2 });
    const watched = await openOrder(id);
    await look(watched, 'awaiting-release');
    if (shots) await forReaders(watched.page, join(shots, 'customer-order.png'));
    await watched.page.click('text=Cancel this order');
    await look(watched, 'cancel-question');
    await watched.page.click('text=Yes, cancel my order');
    await look(watched, 'cancel-answer');
    await world.untilStatus(id, 'cancelled');
    await watched.page.click('text=See your order');
    await look(watched, 'cancelled');
  });

  it.concurrent('refund on its way, and failed', async () => {
    const id = await placed(world, { sku, paymentMethod: 'pm_card_pendingRefund' });
    await world.command(id, 'cancel');
    await world.untilStatus(id, 'cancelled');
    const watched = await openOrder(id);
    await look(watched, 'refund-pending');
    const refund = (await world.sandbox.books(id))[0]?.refunds[0];
    await world.sandbox.refundStatus(refund?.id ?? '', 'failed');
    await called(world, id, 'refund_failed');
    await watched.page.reload();
    await look(watched, 'refund-failed');
  });

  it.concurrent('partner asked to stop, on its way, arrived', async () => {
    const id = await startedWith(world, { acceptance: 'now', cancellation: 'silent' }, { sku });
    const watched = await openOrder(id);
    const { page } = watched;
    await world.untilStatus(id, 'awaiting_pickup');
    await page.reload();
    await look(watched, 'awaiting-pickup');
    await page.click('text=Cancel this order');
    await look(watched, 'cancel-question-partner');
    await page.click('text=Yes, try to stop it');
    await look(watched, 'cancel-answer-partner');
    await world.untilStatus(id, 'cancellation_requested');
    await page.click('text=See your order');
    await look(watched, 'cancellation-requested');
    await world.command(id, 'item-picked');
    await world.untilStatus(id, 'in_transit');
    await page.reload();
    await look(watched, 'in-transit');
    await page.click('text=Cancel or send it back');
    await look(watched, 'cancel-question-transit');
    await page.goBack();
    await page.click('text=It has arrived …');
    await look(watched, 'received-question');
    await page.click('text=Yes, I have it');
    await look(watched, 'received-answer');
    await world.untilStatus(id, 'completed');
    await page.click('text=See your order');
    await look(watched, 'completed');
  });

  it.concurrent('trouble on the way; declined', async () => {
    const id = await inTransit(world, { sku });
    await world.sandbox.scan(id, 'failure', 'damaged');
    await world.untilStatus(id, 'delivery_exception');
    const watched = await openOrder(id);
    await look(watched, 'delivery-exception');
    await watched.page.click('text=Cancel this order');
    await look(watched, 'cancel-question-noted');
    await watched.page.click('text=Yes, cancel it when you can');
    await look(watched, 'cancel-answer-noted');
    await world.until(id, (order) => order.cancelRequestedAt !== null);
    await watched.page.click('text=See your order');
    await look(watched, 'cancel-noted');
    const declined = await world.place({ sku, paymentMethod: 'pm_card_chargeDeclined' });
    await look(await openOrder(declined.body.orderId ?? ''), 'rejected');
  });
});
