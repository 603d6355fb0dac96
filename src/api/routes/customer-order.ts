import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { Answer, Wish } from '../../client/commands.js';
import { storyOf } from '../../db/stories.js';
import { CancelledPage, CancelPage } from '../../web/customer/cancel-page.js';
import type { Shell } from '../../web/customer/layout.js';
import type { OrderFacts } from '../../web/customer/order-facts.js';
import { OrderPage } from '../../web/customer/order-page.js';
import { ReceivedAnswerPage, ReceivedPage } from '../../web/customer/received-page.js';
import { actorOf } from '../auth.js';
import type { ApiDeps } from '../deps.js';
import { findOrder } from '../find-order.js';
import { orderCookie } from '../order-cookie.js';
import { notFound } from '../problems.js';
import { sendPage } from '../send-page.js';
import { keyOf, newKey, one } from './customer-form.js';

interface ById {
  Params: { id: string };
}

export function orderPages(deps: ApiDeps, shell: Shell): FastifyPluginAsync {
  const { db } = deps.database;

  async function factsOf(request: FastifyRequest<ById>): Promise<OrderFacts> {
    const order = await findOrder(deps, request, request.params.id);
    const story = await storyOf(db, order.orderId);
    if (!story) throw notFound('The order');
    return { order, story, contact: deps.contact };
  }

  async function run(request: FastifyRequest<ById>, kind: Wish['kind']): Promise<Answer> {
    const { orderId } = await findOrder(deps, request, request.params.id);
    const id = `${orderId}:${kind}:${keyOf(request.body) ?? request.id}`;
    const answer = await deps.commands.run({ id, kind, orderId, actor: actorOf(request.subject) });
    request.trail.outcome = answer.answer;
    return answer;
  }

  return async (app) => {
    app.get<ById>(
      '/:id',
      { config: { action: 'read', page: true }, schema: { hide: true } },
      async (request, reply) => sendPage(reply, OrderPage({ shell, facts: await factsOf(request) })),
    );

    /** The code travels in a body: an address ends in logs, histories and other sites' Referer. */
    app.post<ById>(
      '/:id/open',
      { config: { action: 'open-order', page: true }, schema: { hide: true } },
      async (request, reply) => {
        // Whoever pastes the whole link has pasted the code.
        const token = one(request.body, 'code')?.trim().split('#').at(-1) ?? '';
        await app.showToken(request, reply, token);
        const { orderId } = await findOrder(deps, request, request.params.id);
        const { name, value, options } = orderCookie(deps.keys, orderId, token);
        return reply.setCookie(name, value, options).redirect(`/order/${orderId}`, 303);
      },
    );

    app.get<ById>(
      '/:id/cancel',
      { config: { action: 'read', page: true }, schema: { hide: true } },
      async (request, reply) =>
        sendPage(reply, CancelPage({ shell, facts: await factsOf(request), formKey: newKey(deps) })),
    );

    app.post<ById>(
      '/:id/cancel',
      { config: { action: 'cancel', page: true }, schema: { hide: true } },
      async (request, reply) => {
        const { answer, message } = await run(request, 'cancel');
        return sendPage(reply, CancelledPage({ shell, facts: await factsOf(request), answer, message }));
      },
    );

    app.get<ById>(
      '/:id/received',
      { config: { action: 'read', page: true }, schema: { hide: true } },
      async (request, reply) =>
        sendPage(reply, ReceivedPage({ shell, facts: await factsOf(request), formKey: newKey(deps) })),
    );

    app.post<ById>(
      '/:id/received',
      { config: { action: 'confirm-delivery', page: true }, schema: { hide: true } },
      async (request, reply) => {
        const { answer } = await run(request, 'confirm-delivery');
        return sendPage(reply, ReceivedAnswerPage({ shell, facts: await factsOf(request), answer }));
      },
    );
  };
}
