import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { bundlePath } from '../support/replay.js';

const code = readFileSync(bundlePath, 'utf8');

/** Every module that webpack put in, by the names it leaves behind; `?…` stands for what it left out. */
const modules = [...code.matchAll(/^\/\*\*\*\/ "(\.[^"]+)":?/gm)].map((match) => match[1] ?? '');
const packageOf = (name: string): string | undefined =>
  /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(name)?.[1];

it('holds our workflows and domain, the SDK, and nothing else', () => {
  const packages = new Set(modules.map(packageOf).filter((name) => name !== undefined));
  expect([...packages].sort()).toEqual([
    '@temporalio/common',
    '@temporalio/workflow',
    'long',
    'ms',
    'nexus-rpc',
  ]);
  const own = modules.filter((name) => !packageOf(name));
  expect(own.length).toBeGreaterThan(15);
  expect(
    own.filter((name) => !/\/((workflows|domain)\/[a-z-]+|codec\/failure-converter)\.js$/.test(name)),
  ).toEqual([]);
});

it.each(['zod', 'date-fns', 'luxon', 'dayjs', 'moment', 'uuid', 'nanoid', 'kysely', 'stripe', 'pg'])(
  'holds no %s',
  (library) => expect(modules.filter((name) => packageOf(name) === library)).toEqual([]),
);

it('stays small: each worker loads it, and each cached workflow lives in it', () => {
  expect(code.length).toBeLessThan(2_500_000);
});
