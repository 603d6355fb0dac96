// The README's pictures, as the browser tests see the pages.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const pictures = {
  'needs-me-light-1280.png': 'console-needs-me.png',
  'order-near-dark-1280.png': 'console-order.png',
  'products-light-1280.png': 'console-products.png',
  'customer-order.png': 'customer-order.png',
};

const shots = mkdtempSync(join(tmpdir(), 'preorder-shots-'));
const tests = ['test/web/console-pages.test.ts', 'test/web/customer.test.ts'];
execFileSync('npx', ['vitest', 'run', ...tests], {
  stdio: 'inherit',
  env: { ...process.env, SHOTS: shots },
});
for (const [shot, picture] of Object.entries(pictures))
  copyFileSync(join(shots, shot), join(import.meta.dirname, '../docs/images', picture));
rmSync(shots, { recursive: true });
