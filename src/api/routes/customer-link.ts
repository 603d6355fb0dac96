import type { FastifyPluginAsync } from 'fastify';
import { sendLinkAgain } from '../../db/outbox.js';
import { isOrderId } from '../../domain/identity.js';
import type { Shell } from '../../web/customer/layout.js';
import { LinkAskedPage, LinkPage } from '../../web/customer/link-page.js';
import type { ApiDeps } from '../deps.js';
import { sendPage } from '../send-page.js';
import { one } from './customer-form.js';

/** For whoever has lost the mail: the link once more, to the address of the order and no other. */
export function linkPages(deps: ApiDeps, shell: Shell): FastifyPluginAsync {
  return async (app) => {
    app.get<{ Querystring: { order?: unknown } }>(
      '/link',
      { config: { action: 'browse', page: true }, schema: { hide: true } },
      async ({ query: { order } }, reply) =>
        sendPage(
          reply,
          LinkPage({ shell, orderId: typeof order === 'string' && isOrderId(order) ? order : undefined }),
        ),
    );

    /** The same words, whether there is such an order or not. */
    app.post(
      '/link',
      { config: { action: 'ask-for-link', page: true }, schema: { hide: true } },
      async ({ body, trail }, reply) => {
        const orderId = one(body, 'order')?.trim().toLowerCase() ?? '';
        const email = one(body, 'email')?.trim() ?? '';
        // No database takes a NUL or half a surrogate.
        if (isOrderId(orderId) && /^[^\0\p{Cs}]{3,200}$/u.test(email)) {
          const queued = await sendLinkAgain(deps.database.db, { orderId, email }, deps.now());
          if (queued) trail.orderId = orderId;
        }
        return sendPage(reply, LinkAskedPage({ shell }));
      },
    );
  };
}
