import type { FastifyRequest } from 'fastify';
import { expect, it } from 'vitest';
import { hasSession, sessionCookie, type Keys } from './session.js';

const keys: Keys = {
  operatorKey: 'an-operator-key-of-tests',
  tokenSecret: 'a-secret-of-the-tests',
  https: false,
};
const request = (cookies: Record<string, string>): FastifyRequest =>
  ({ method: 'GET', headers: { host: 'shop.example' }, cookies }) as unknown as FastifyRequest;
const at = Date.UTC(2030, 0, 1);
const { name, value } = sessionCookie(keys, at);
const known = (by: Keys, now = at): boolean => hasSession(by, request({ [name]: value }), undefined, now);

it('a session ends after twelve hours', () => {
  expect(known(keys, at + 12 * 3_600_000 - 1)).toBe(true);
  expect(known(keys, at + 12 * 3_600_000)).toBe(false);
});

it('a session ends with the operator key and with the secret', () => {
  expect(known({ ...keys, operatorKey: 'another-operator-key' })).toBe(false);
  expect(known({ ...keys, operatorKey: undefined })).toBe(false);
  expect(known({ ...keys, tokenSecret: 'another-secret' })).toBe(false);
});

it('behind https the cookie never travels without, and no neighbour can set it', () => {
  const secure = sessionCookie({ ...keys, https: true }, at);
  expect(secure.name).toMatch(/^__Host-/);
  expect(secure.options).toMatchObject({ secure: true, httpOnly: true, sameSite: 'strict', path: '/' });
  expect(hasSession({ ...keys, https: true }, request({ [name]: value }), undefined, at)).toBe(false);
});
