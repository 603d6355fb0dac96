import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { called, inTransit, placed, startedWith } from '../support/flows.js';
import { createWorld, type World } from '../support/world.js';
import {
  axeViolations,
  openBrowser,
  openPage,
  scrollsSideways,
  type WatchedPage,
} from './support/browser.js';

/** SHOTS=folder keeps a picture of every page that is looked at. */
const shots = process.env.SHOTS;

let world: World;
let browser: Browser;
let sku: string;
beforeAll(async () => {
  if (shots) mkdirSync(shots, { recursive: true });
  world = await createWorld();
  browser = await openBrowser();
  const name = 'Aurora Phone';
  const description = 'Six inches of northern light.\nComes with a cable, a cover and a charger.';
  sku = await world.addProduct({ name, description, price: 69_900 });
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

/** Looks at the page as it is, in both themes and widths; what axe or a narrow window complains about fails the test. */
async function look({ page, complaints }: WatchedPage, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 360]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      if (shots)
        await page.screenshot({ path: join(shots, `${name}-${colorScheme}-${width}.png`), fullPage: true });
      expect(await axeViolations(page), `${name}, ${colorScheme}, ${width}`).toEqual([]);
      expect(await scrollsSideways(page), `${name}, ${colorScheme}, ${width}`).toBe(false);
    }
  }
  expect(complaints, name).toEqual([]);
}

const open = async (path: string, options: BrowserContextOptions = {}): Promise<WatchedPage> => {
  const watched = await openPage(browser, options);
  await watched.page.goto(world.url + path);
  return watched;
};

/** The way in from the last mail about the order. */
async function linkOf(orderId: string): Promise<{ link: string; code: string }> {
  for (;;) {
    const text = (await world.sandbox.mail(orderId))[0]?.text ?? '';
    const [link = '', code = ''] = /http\S+#(pot_\S+)/.exec(text) ?? [];
    if (link) return { link, code };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function openOrder(orderId: string): Promise<WatchedPage> {
  const watched = await openPage(browser);
  await watched.page.goto((await linkOf(orderId)).link);
  await watched.page.waitForSelector('#status');
  return watched;
}

const heading = (page: Page): Promise<string | null> => page.textContent('h1');

describe('without JavaScript', () => {
  it('a customer orders, follows the link in the mail, and cancels', async () => {
    const { page, complaints } = await open('/shop', { javaScriptEnabled: false });
    await page.click('text=Aurora Phone');
    await page.fill('#name', 'Ada Lovelace');
    await page.fill('#email', 'ada@example.com');
    await page.fill('#street', '1 Main St');
    await page.fill('#zip', '12345');
    await page.fill('#city', 'Springfield');
    await page.selectOption('#country', 'US');
    await page.click('text=Pre-order and pay');
    expect(await heading(page)).toBe('Your pre-order is in');
    const orderId = new URL(page.url()).pathname.split('/')[2] ?? '';
    await page.context().clearCookies();
    await page.goto('about:blank');

    const { link, code } = await linkOf(orderId);
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
  });
});

describe('with JavaScript', () => {
  it('the link opens the order, the address keeps no code, and the page follows the order by itself', async () => {
    const id = await placed(world, { sku });
    const { page } = await openOrder(id);
    expect(page.url()).toBe(`${world.url}/order/${id}`);
    await page.evaluate('window.stayed = true');
    await page.focus('text=Cancel this order');
    await world.command(id, 'start-fulfillment');
    await page.waitForSelector('text=Waiting to be picked up', { timeout: 25_000 });
    expect(await page.evaluate('window.stayed')).toBe(true);
    expect(await page.evaluate('document.activeElement.textContent')).toContain('Cancel this order');
    expect(await page.textContent('#news')).toBe('Waiting to be picked up');
  });
});

describe('looks right and is accessible, light and dark, wide and narrow', () => {
  it('shop', async () => {
    const long = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen'.repeat(3);
    await world.addProduct({ name: long, capacity: 3, price: 1_200_000, currency: 'JPY' });
    const soldOut = await world.addProduct({ name: 'Vinyl Box, limited', capacity: 1 });
    await placed(world, { sku: soldOut });
    await look(await open('/shop'), 'shop');
    await look(await open(`/shop/${sku}`), 'product');
    await look(await open(`/shop/${soldOut}`), 'sold-out');
  });

  it('form with errors', async () => {
    const watched = await open(`/shop/${sku}`);
    const { page } = watched;
    await page.evaluate("document.querySelector('form').noValidate = true");
    await page.fill('#name', 'Ada');
    await page.fill('#email', 'ada at example');
    await page.fill('#quantity', '11');
    await page.click('text=Pre-order and pay');
    await look(watched, 'form-errors');
  });

  it('code and not found', async () => {
    const watched = await open('/order/po_000000000000000000');
    await look(watched, 'code');
    await watched.page.fill('#code', 'pot_wrong');
    await watched.page.click('text=Open my order');
    await look(watched, 'not-found');
    await look(await open('/shop/no-such-product'), 'no-product');
  });

  it('order waiting, cancel question, cancelled with the refund sent', async () => {
    const id = await placed(world, { sku, quantity: 2 });
    const watched = await openOrder(id);
    await look(watched, 'awaiting-release');
    await watched.page.click('text=Cancel this order');
    await look(watched, 'cancel-question');
    await watched.page.click('text=Yes, cancel my order');
    await look(watched, 'cancel-answer');
    await world.untilStatus(id, 'cancelled');
    await watched.page.click('text=See your order');
    await look(watched, 'cancelled');
  });

  it('refund on its way, and failed', async () => {
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

  it('partner asked to stop, on its way, delivered', async () => {
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
    await page.goto(`${page.url()}/cancel`);
    await look(watched, 'cancel-question-transit');
    await world.command(id, 'confirm-delivery');
    await page.goBack();
    await page.reload();
    await look(watched, 'completed');
  });

  it('trouble on the way; declined', async () => {
    const id = await inTransit(world, { sku });
    await world.sandbox.scan(id, 'failure', 'damaged');
    await world.untilStatus(id, 'delivery_exception');
    await look(await openOrder(id), 'delivery-exception');
    const declined = await world.place({ sku, paymentMethod: 'pm_card_chargeDeclined' });
    await look(await openOrder(declined.body.orderId ?? ''), 'rejected');
  });
});
