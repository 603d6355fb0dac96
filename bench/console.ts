import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Table from 'cli-table3';
import type { Browser } from 'playwright-core';
import type { Config } from '../src/config.js';
import type { OrderList, SignInLink } from '../src/contract/api.js';
import type { NeedsMe } from '../src/contract/console.js';
import { openDatabase } from '../src/db/database.js';
import { startStack, type Stack } from '../src/up/stack.js';
import { openBrowser, openPage } from '../test/web/support/browser.js';
import { fillWithOrders } from './many-orders.js';
import { latencyOf, median } from './measure.js';

const PAINTS = 7;
const CALLS = 20;
const DEEP = 40;

/** What an operator waits for when the database holds many orders: the list on the screen, and each query alone. */
export async function benchConsole(
  config: Config,
  count: number,
  say: (line: string) => void,
): Promise<string> {
  if (config.DATABASE_URL)
    throw new Error('This fills an embedded database of its own with orders: unset DATABASE_URL.');
  const dataDir = join(config.PREORDER_DATA_DIR, 'bench-console');
  rmSync(join(dataDir, 'database'), { recursive: true, force: true });
  const database = await openDatabase({ folder: join(dataDir, 'database') });
  await fillWithOrders(database, count, say);
  await database.close();
  const env = { PREORDER_RATE_LIMITS: 'false', PREORDER_WORKER_IN_API: 'false' };
  const stack = await startStack({ config, dataDir, say, env });
  const browser = await openBrowser();
  try {
    const paint = await paints(browser, stack);
    return [
      `Console with ${count.toLocaleString('en-US')} orders, embedded database`,
      `order list, from the address to its rows: ${paint.cold} ms in a new browser, ${paint.warm} ms again (median of ${PAINTS})`,
      await queries(stack),
      await needs(stack),
    ].join('\n\n');
  } finally {
    await browser.close();
    await stack.stop();
  }
}

/** Until the first row is there, by the page's own clock from the moment the browser sets out. */
async function paints(browser: Browser, { api, connection }: Stack) {
  const cold: number[] = [];
  const warm: number[] = [];
  for (let i = 0; i < PAINTS; i += 1) {
    const { page } = await openPage(browser, { viewport: { width: 1280, height: 860 } });
    // The link leads to another page, which would warm the browser up: only its cookie is wanted.
    await page
      .context()
      .request.get((await api.post<SignInLink>('/api/sign-in-links')).body.url, { maxRedirects: 0 });
    await page.addInitScript(`
      const look = () => document.querySelector('[data-row]')
        ? requestAnimationFrame(() => { window.painted = performance.now(); })
        : requestAnimationFrame(look);
      look();`);
    for (const series of [cold, warm]) {
      await page.goto(`${connection.url}/orders`);
      await page.waitForSelector('[data-row]');
      let painted: unknown;
      while (typeof painted !== 'number') painted = await page.evaluate('window.painted');
      series.push(painted);
    }
    await page.context().close();
  }
  return { cold: Math.round(median(cold)), warm: Math.round(median(warm)) };
}

/** What "what needs me" had to find, so that its figure means something. */
async function needs({ api }: Stack): Promise<string> {
  const { counts, items } = (await api.get<NeedsMe>('/api/needs-me')).body;
  const due = items.reduce((sum, item) => sum + (item.kind === 'deadlines' ? item.orders : 0), 0);
  return (
    `what needs me: ${counts.attention} decisions, ${counts.pickup} pickups, ${counts.refund} refunds, ` +
    `and ${due.toLocaleString('en-US')} orders with a near deadline`
  );
}

async function queries({ api }: Stack): Promise<string> {
  const deep = await pageOf(DEEP);
  const asked = {
    'newest first': '/api/orders',
    [`page ${DEEP}`]: `/api/orders?after=${deep}`,
    'nearest deadline first': '/api/orders?sort=deadline',
    'open ones': '/api/orders?open=true',
    'one status': '/api/orders?status=awaiting_pickup',
    'one product, last changed first': '/api/orders?sku=bench-3&sort=-updated',
    'beginning of a name': '/api/orders?q=grace',
    'beginning of an id': '/api/orders?q=po_0000000000000',
    'what needs me': '/api/needs-me',
    'figures of all products': '/api/products/figures',
  };
  const table = new Table({
    head: ['', 'p50', 'p99'],
    style: { head: [], border: [], compact: true },
  });
  for (const [name, path] of Object.entries(asked)) {
    const { p50, p99 } = await latencyOf(CALLS, async () => {
      const { status } = await api.get(path);
      if (status !== 200) throw new Error(`${path} answered ${status}`);
    });
    table.push([name, `${Math.round(p50)} ms`, `${Math.round(p99)} ms`]);
  }
  return table.toString();

  async function pageOf(n: number): Promise<string> {
    let next = '';
    for (let i = 1; i < n; i += 1) {
      const { body } = await api.get<OrderList>(`/api/orders${next && `?after=${next}`}`);
      next = encodeURIComponent(body.next ?? '');
    }
    return next;
  }
}
