import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './up/project-root.js';

/** Which release this program is, as package.json says. */
export const release = (
  JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as { version: string }
).version;

/** Compares as numbers what is between the dots: 0.10.0 is newer than 0.9.0. */
export const isOlder = (one: string, other: string): boolean =>
  one.localeCompare(other, 'en', { numeric: true }) < 0;
