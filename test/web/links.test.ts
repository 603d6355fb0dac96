import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { placed } from '../support/flows.js';
import { createWorld, type World } from '../support/world.js';
import { openBrowser, openPage } from './support/browser.js';
import { look, openConsole } from './support/console.js';
import { look as lookAsCustomer } from './support/customer.js';

/** A customer who has no way to the order any more, or never had one, and how it is found again. */

let world: World;
let browser: Browser;
let sku: string;
beforeAll(async () => {
  [world, browser] = await Promise.all([createWorld(), openBrowser()]);
  sku = await world.addProduct({ name: 'Aurora Phone', price: 69_900 });
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

/** The way in from the mail that was asked for. */
const linkMailed = (orderId: string, to: string): Promise<string> =>
  eventually(async () => {
    const mails = await world.sandbox.mail(orderId);
    const mail = mails.find(
      (each) => each.subject.includes('The link to your order') && String(each.to) === to,
    );
    return /http\S+#pot_\S+/.exec(mail?.text ?? '')?.[0];
  });

/** In a browser that knows nothing of the order. */
async function opens(link: string): Promise<void> {
  const { page } = await openPage(browser);
  await page.goto(link);
  await page.waitForSelector('#status');
  expect(await page.textContent('main')).toContain('Aurora Phone');
  await page.context().close();
}

const QUARTER_MS = 900_000;
const notices = (page: Page) => page.getByRole('region', { name: 'Notices' });

describe('the link again', () => {
  it('a customer without the mail asks for it, and it opens the order', async () => {
    const email = 'ada.lost@example.com';
    const id = await placed(world, { sku, email });
    const watched = await openPage(browser);
    const { page } = watched;
    await page.goto(`${world.url}/order/${id}`);
    await page.click('text=Have your link sent again');
    expect(await page.inputValue('#order')).toBe(id);
    await page.fill('#email', email);
    await lookAsCustomer(watched, 'link-again');
    await page.click('text=Send my link');
    await page.waitForSelector('text=Look into your mail');
    await opens(await linkMailed(id, email));
    await page.context().close();
  });

  it('an operator sends it to a customer who calls, once in a quarter of an hour', async () => {
    const email = 'grace.calls@example.com';
    const id = await placed(world, { sku, email });
    const watched = await openConsole(browser, world, `/orders/${id}`);
    const { page } = watched;
    const button = page.getByRole('button', { name: 'Send the link again' });
    const quarter = Math.floor(Date.now() / QUARTER_MS);
    await button.click();
    await notices(page).getByText(`It goes to ${email}.`).waitFor();
    await notices(page).getByRole('listitem').filter({ hasText: 'Link again' }).waitFor();
    await opens(await linkMailed(id, email));
    await look(watched, 'link-sent');
    await button.click();
    // In another quarter of an hour a second one is right.
    if (Math.floor(Date.now() / QUARTER_MS) === quarter)
      await notices(page).getByText('sent within the last 15 minutes').waitFor();
    expect(watched.complaints).toEqual([]);
    await page.context().close();
  });
});

it('an operator corrects a mistyped address: the customer gets the link, and opens the order', async () => {
  const [wrong, right] = ['ada@exmaple.com', 'ada.typed@example.com'];
  const id = await placed(world, { sku, email: wrong });
  await eventually(async () => (await world.sandbox.mail(id)).length > 0);
  const watched = await openConsole(browser, world, `/orders/${id}`);
  const { page } = watched;
  await notices(page).getByText(`To ${wrong}`).waitFor();
  await page.getByRole('button', { name: 'Correct the address …' }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByRole('button', { name: 'Correct it' }).isDisabled()).toBe(true);
  await dialog.getByLabel('E-mail address').fill(right);
  await look(watched, 'correct-email');
  await dialog.getByRole('button', { name: 'Correct it' }).click();
  await notices(page).getByText(`To ${right}`).waitFor();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('The customer’s e-mail address was corrected').waitFor();
  await page.getByRole('table', { name: 'Who did what' }).getByText('correct email').waitFor();
  await opens(await linkMailed(id, right));
  await notices(page).getByText('to the earlier address').first().waitFor();
  await look(watched, 'email-corrected');
  expect(watched.complaints).toEqual([]);
  await page.context().close();
});
