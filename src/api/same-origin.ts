import type { FastifyRequest } from 'fastify';
import type { ApiDeps } from './deps.js';
import { HttpProblem } from './problems.js';

/**
 * Forms are taken from our own pages only. Every browser says where a form came from; what says nothing is none.
 * (A page with `Referrer-Policy: no-referrer` would send the origin `null`.)
 */
export function refuseOtherOrigins(
  { keys, publicUrl }: Pick<ApiDeps, 'keys' | 'publicUrl'>,
  request: FastifyRequest,
): void {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'] ?? 'same-origin';
  const ours = [`${keys.https ? 'https' : 'http'}://${host}`, publicUrl && new URL(publicUrl).origin];
  if (origin !== undefined && ours.includes(origin) && site === 'same-origin') return;
  throw new HttpProblem(
    403,
    'other_origin',
    'This form was not sent from our own page: open the page and try again.',
  );
}
