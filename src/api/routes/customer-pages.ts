import formbody from '@fastify/formbody';
import type { FastifyPluginAsync } from 'fastify';
import type { Shell } from '../../web/customer/layout.js';
import { createAssets } from '../assets.js';
import type { ApiDeps } from '../deps.js';
import { problemOf } from '../problems.js';
import { refuseOtherOrigins } from '../same-origin.js';
import { sendPage } from '../send-page.js';
import { pageOf } from './customer-failure.js';
import { linkPages } from './customer-link.js';
import { orderPages } from './customer-order.js';
import { shopPages } from './customer-shop.js';

const policy = [
  "default-src 'none'",
  ...['style-src', 'script-src', 'img-src', 'connect-src', 'form-action'].map((what) => `${what} 'self'`),
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The shop at /shop and each order's page at /order, for people: HTML that works without a script, forms, errors as pages. */
export function customerPages(deps: ApiDeps): FastifyPluginAsync {
  return async (app) => {
    const assets = createAssets('/shop/assets');
    const shell: Shell = { asset: (name) => assets.url(name), contact: deps.contact };

    app.removeAllContentTypeParsers();
    await app.register(formbody);
    app.addHook('onRequest', async (request) => {
      if (request.method !== 'GET' && request.method !== 'HEAD') refuseOtherOrigins(deps, request);
    });
    app.addHook('onSend', async (_request, reply) => {
      // Not no-referrer: with it, browsers send forms from the origin `null`. No address of ours holds a secret.
      void reply.headers({ 'content-security-policy': policy, 'referrer-policy': 'same-origin' });
    });
    app.setErrorHandler((error, request, reply) => {
      const problem = problemOf(error, request);
      return sendPage(reply.status(problem.status), pageOf(problem, request, shell));
    });
    await app.register(assets.routes, { prefix: '/shop/assets' });
    await app.register(shopPages(deps, shell), { prefix: '/shop' });
    await app.register(linkPages(deps, shell), { prefix: '/order' });
    await app.register(orderPages(deps, shell), { prefix: '/order' });
  };
}
