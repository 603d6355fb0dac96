// The README's pictures, as the browser tests see the pages.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const pictures = ['console-needs-me.png', 'console-order.png', 'customer-order.png'];

const shots = mkdtempSync(join(tmpdir(), 'preorder-shots-'));
const tests = ['test/web/console-pages.test.ts', 'test/web/customer.test.ts'];
execFileSync('npx', ['vitest', 'run', ...tests], {
  stdio: 'inherit',
  env: { ...process.env, SHOTS: shots },
});
for (const picture of pictures)
  copyFileSync(join(shots, picture), join(import.meta.dirname, '../docs/images', picture));
rmSync(shots, { recursive: true });
