import { expect, it } from 'vitest';
import { isOlder } from './release.js';

it.each([
  ['0.1.0', '0.1.1', true],
  ['0.9.0', '0.10.0', true],
  ['0.10.0', '0.9.0', false],
  ['1.0.0', '1.0.0', false],
])('%s is older than %s: %s', (one, other, older) => expect(isOlder(one, other)).toBe(older));
