import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

/** A real Chromium: the one that `PREORDER_CHROMIUM` names, or the machine's own. */

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const onPath = (env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)));
  return [env.PREORDER_CHROMIUM ?? '', ...onPath, ...elsewhere].find(runs);
}

function runs(file: string): boolean {
  try {
    if (file === '') return false;
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Debian's package, where this process may install it; anywhere else nothing happens. */
export function installChromium(): void {
  if (findChromium() || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  process.stderr.write('  No Chromium here: installing it (apt-get install chromium), once …\n');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]) =>
    execFileSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', '-qq', ...args], { env, stdio: 'ignore' });
  try {
    apt('update');
    apt('install', '-y', '--no-install-recommends', 'chromium');
  } catch {
    process.stderr.write('  It could not be installed.\n');
  }
}

const missing = `The browser tests need Chromium, and none was found.
Debian, Ubuntu: apt-get install -y chromium   macOS: brew install --cask chromium
or set PREORDER_CHROMIUM to the program.`;

/** One per test file. Throws with what to install when there is no Chromium. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error(missing);
  const quiet = ['disable-gpu', 'disable-quic', 'no-first-run', 'disable-background-networking'];
  const args = ['no-sandbox', ...quiet, 'disable-component-update', 'disable-sync'].map(
    (name) => `--${name}`,
  );
  return chromium.launch({ executablePath, args });
}

export interface WatchedPage {
  page: Page;
  /** What the Content-Security-Policy blocked, and errors that nothing caught. */
  complaints: string[];
}

/** A page in a context of its own, as a person with an American browser has it. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ locale: 'en-US', timezoneId: 'Europe/Berlin', ...options });
  return watch(await context.newPage());
}

/** Another tab of the same browser, with the same session. */
export const openTab = async ({ page }: WatchedPage): Promise<WatchedPage> =>
  watch(await page.context().newPage());

function watch(page: Page): WatchedPage {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) complaints.push(message.text());
  });
  return { page, complaints };
}

let axe: string | undefined;

/** What axe-core finds wrong on the page as it is now, one line each; by all of its rules unless some are named. */
export async function axeViolations(page: Page, rules?: string[]): Promise<string[]> {
  axe ??= readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe);
  return page.evaluate(async (runOnly) => {
    interface Results {
      violations: { id: string; help: string; nodes: { target: unknown[]; failureSummary?: string }[] }[];
    }
    const { run } = (
      globalThis as unknown as {
        axe: { run: (options: { resultTypes: string[]; runOnly?: string[] }) => Promise<Results> };
      }
    ).axe;
    const { violations } = await run({ resultTypes: ['violations'], ...(runOnly ? { runOnly } : {}) });
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
    );
  }, rules);
}

/** True when the page is wider than its window. */
export const scrollsSideways = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
