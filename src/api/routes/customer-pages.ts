import formbody from '@fastify/formbody';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { CodePage } from '../../web/customer/code-page.js';
import type { Shell } from '../../web/customer/layout.js';
import { ProblemPage } from '../../web/customer/problem-page.js';
import { createAssets } from '../assets.js';
import type { ApiDeps } from '../deps.js';
import { problemOf, type HttpProblem } from '../problems.js';
import { refuseOtherOrigins } from '../same-origin.js';
import { sendPage } from '../send-page.js';
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
      return sendPage(reply.status(problem.status), refusal(shell, request, problem));
    });
    await app.register(assets.routes, { prefix: '/shop/assets' });
    await app.register(shopPages(deps, shell), { prefix: '/shop' });
    await app.register(orderPages(deps, shell), { prefix: '/order' });
  };
}

function refusal(shell: Shell, request: FastifyRequest, { status, code, message }: HttpProblem) {
  const { id } = request.params as { id?: string };
  if (id !== undefined && (status === 401 || status === 404))
    return CodePage({ shell, id, wrong: status === 404 });
  const [title, text] = (code === 'no_payment' ? undefined : words[status]) ?? [
    status < 500 ? 'That did not work' : words500,
    message,
  ];
  return ProblemPage({ shell, title, text, requestId: request.id });
}

const words500 = 'Something went wrong on our side';
const words: Record<number, [title: string, text: string]> = {
  403: [
    'This form came from somewhere else',
    'Open the page again and send the form from there. Nothing was changed.',
  ],
  404: ['There is no such page', 'Perhaps the address was cut off, or the product is not sold any more.'],
  413: ['That was too much text', 'Go back and shorten what you wrote. Nothing was changed.'],
  429: [
    'A little too fast',
    'There were very many requests from your connection. Wait a minute and try again.',
  ],
};
