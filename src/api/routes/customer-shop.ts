import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { ReactElement } from 'react';
import { skuSchema } from '../../contract/api.js';
import { allProducts, productRow } from '../../db/products.js';
import { declineTold } from '../../domain/words.js';
import type { Field } from '../../web/customer/fields.js';
import type { Shell } from '../../web/customer/layout.js';
import { OnceMorePage } from '../../web/customer/once-more-page.js';
import type { FormState } from '../../web/customer/order-form.js';
import { ProductPage } from '../../web/customer/product-page.js';
import { ShopPage } from '../../web/customer/shop-page.js';
import type { ApiDeps } from '../deps.js';
import { orderCookie, placedCookie, placedCookieName } from '../order-cookie.js';
import { orderedBefore, place } from '../placing.js';
import { HttpProblem, notFound } from '../problems.js';
import { sendPage } from '../send-page.js';
import { sha256 } from '../session.js';
import { productPolicy, productView } from '../views.js';
import { bodyOf, newKey, one, typed, wrongFields } from './customer-form.js';

type WishBody = Parameters<typeof place>[1];

interface BySku {
  Params: { sku: string };
}

export function shopPages(deps: ApiDeps, shell: Shell): FastifyPluginAsync {
  const { db } = deps.database;

  async function productOf(sku: string) {
    const row = skuSchema.safeParse(sku).success ? await productRow(db, sku) : undefined;
    if (!row) throw notFound('The product');
    const product = productView(row, deps.policy);
    const closed = !row.open || Date.parse(product.shipsBy) <= deps.now();
    const orderable = closed ? 'closed' : deps.development ? 'yes' : 'no_payment';
    return { product, orderable, maxQuantity: productPolicy(deps.policy, row).maxQuantity } as const;
  }

  const page = async (sku: string, form: FormState) =>
    ProductPage({ shell, form, ...(await productOf(sku)) });

  /** The page again, with what was typed and what is wrong with it. */
  async function refused(
    { trail }: FastifyRequest,
    reply: FastifyReply,
    sku: string,
    form: FormState,
    problem: HttpProblem,
  ): Promise<FastifyReply> {
    Object.assign(trail, { code: problem.code }, problem.more.orderId && { orderId: problem.more.orderId });
    return sendPage(reply.status(problem.status), await page(sku, form));
  }

  /** The same order a moment ago: a second one is a decision. It is shown to whoever holds its token alone. */
  async function onceMore(
    { body, cookies, trail }: FastifyRequest,
    form: FormState,
    wish: WishBody,
  ): Promise<ReactElement | undefined> {
    const earlier = one(body, 'again') ? undefined : await orderedBefore(deps, wish, form.key);
    if (!earlier) return undefined;
    const own = sha256(cookies[placedCookieName(deps.keys)] ?? '') === earlier.token_hash;
    Object.assign(trail, { code: 'ordered_before', orderId: earlier.id });
    const { product } = await productOf(wish.sku);
    return OnceMorePage({ shell, product, form, orderId: own ? earlier.id : undefined });
  }

  return async (app) => {
    app.get(
      '',
      { config: { action: 'browse', page: true }, schema: { hide: true } },
      async (_request, reply) => {
        const rows = (await allProducts(db)).filter(({ open }) => open);
        const products = rows
          .map((row) => productView(row, deps.policy))
          .filter(({ shipsBy }) => Date.parse(shipsBy) > deps.now());
        return sendPage(reply, ShopPage({ shell, products }));
      },
    );

    app.get<BySku>(
      '/:sku',
      { config: { action: 'browse', page: true }, schema: { hide: true } },
      async (request, reply) =>
        sendPage(reply, await page(request.params.sku, { key: newKey(deps), values: {}, errors: {} })),
    );

    app.post<BySku>(
      '/:sku',
      { config: { action: 'place', page: true }, schema: { hide: true } },
      async (request, reply) => {
        const { sku } = request.params;
        const { orderable, maxQuantity } = await productOf(sku);
        if (orderable === 'no_payment')
          throw new HttpProblem(403, 'no_payment', 'Nothing can be paid on this page.');
        const { key, values } = typed(request.body);
        const form: FormState = { key: key ?? newKey(deps), values, errors: {} };
        const body = bodyOf(sku, values);
        const errors = wrongFields(body.error, values, maxQuantity);
        if (!body.success || Object.keys(errors).length > 0) {
          const problem = new HttpProblem(400, 'invalid_request', 'Some fields are not usable.');
          return refused(request, reply, sku, { ...form, errors }, problem);
        }
        const question = await onceMore(request, form, body.data);
        if (question) return sendPage(reply.status(409), question);
        try {
          const { order, token } = await place(deps, body.data, form.key);
          request.trail.orderId = order.orderId;
          if (order.status === 'rejected') throw declined(order.orderId, order.payment.failureCode);
          for (const { name, value, options } of [
            orderCookie(deps.keys, order.orderId, token),
            placedCookie(deps.keys, sku, token),
          ])
            void reply.setCookie(name, value, options);
          return reply.redirect(`/order/${order.orderId}`, 303);
        } catch (error) {
          if (!(error instanceof HttpProblem)) throw error;
          const again = refusalOf(error, () => newKey(deps));
          if (!again) throw error;
          return refused(request, reply, sku, { ...form, ...again }, error);
        }
      },
    );
  };
}

const declined = (orderId: string, code: string | null): HttpProblem =>
  new HttpProblem(402, 'payment_declined', declineTold(code), { orderId });

/** In plain words, at the field it is about. A key under which something was ordered is never used for another order. */
function refusalOf(problem: HttpProblem, anotherKey: () => string): Partial<FormState> | undefined {
  const at = (field: Field, text: string): Partial<FormState> => ({ errors: { [field]: text } });
  switch (problem.code) {
    case 'sold_out':
      return {
        problem: 'Somebody was faster: there are not that many left. Nothing was charged.',
        ...at('quantity', 'Please order fewer.'),
      };
    case 'quantity_limit':
      return at('quantity', problem.message);
    case 'not_open':
    case 'deadline_passed':
      return { problem: problem.message };
    case 'payment_declined':
      return {
        key: anotherKey(),
        ...at('paymentMethod', 'Please choose another way to pay.'),
        problem: `${problem.message} Nothing was charged and nothing was ordered.`,
      };
    case 'idempotency_key_reused':
      return {
        key: anotherKey(),
        problem:
          'You have ordered with this form before; the link to that order is in your mail. Send it again only if you want one more.',
      };
    default:
      return undefined;
  }
}
