import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { lifecycleDoc } from '../../scripts/lifecycle-doc.js';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

it('docs/lifecycle.md is what the table says', async () => {
  expect(read('docs/lifecycle.md')).toBe(await lifecycleDoc());
});

it.each(['README.md', 'CONTRIBUTING.md', 'docs/architecture.md', 'docs/reliability.md'])(
  'every link in %s leads somewhere',
  (file) => {
    const links = [...read(file).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1] ?? '');
    const missing = links.filter((link) => !existsSync(join(root, dirname(file), link)));
    expect(missing).toEqual([]);
  },
);

it('.env.example names every setting, and no other', () => {
  const schema = new Set(
    [...read('src/config.ts').matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map((match) => match[1]),
  );
  const example = new Set([...read('.env.example').matchAll(/^#([A-Z][A-Z_]+)=/gm)].map((match) => match[1]));
  const internal = new Set(['XDG_CACHE_HOME']);
  expect([...schema].filter((name) => !example.has(name) && !internal.has(name ?? ''))).toEqual([]);
  expect([...example].filter((name) => !schema.has(name))).toEqual([]);
});
