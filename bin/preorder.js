#!/usr/bin/env node
import { existsSync } from 'node:fs';

const program = new URL('../dist/src/main.js', import.meta.url);
if (!existsSync(program)) {
  const { build } = await import('../scripts/build.js');
  await build();
}
await import(program.href);
