import { z } from 'zod';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import {
  changeProductSchema,
  newProductSchema,
  productListSchema,
  productViewSchema,
  skuSchema,
} from '../../contract/api.js';
import { addProduct, allProducts, productRow, setOpen } from '../../db/products.js';
import { setCapacity } from '../../db/stock.js';
import { isCurrency } from '../../domain/money.js';
import type { ApiDeps } from '../deps.js';
import { HttpProblem, notFound } from '../problems.js';
import { policyOverrides, productView } from '../views.js';

const params = z.strictObject({ sku: skuSchema });

export function productRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  const { db } = deps.database;

  async function view(sku: string) {
    const row = await productRow(db, sku);
    if (!row) throw notFound(`The product ${sku}`);
    return productView(row, deps.policy);
  }

  return async (app) => {
    app.get(
      '/products',
      {
        config: { action: 'browse' },
        schema: {
          summary: 'Products that can be pre-ordered',
          tags: ['products'],
          response: { 200: productListSchema },
        },
      },
      async () => ({ products: (await allProducts(db)).map((row) => productView(row, deps.policy)) }),
    );

    app.get(
      '/products/:sku',
      {
        config: { action: 'browse' },
        schema: { summary: 'One product', tags: ['products'], params, response: { 200: productViewSchema } },
      },
      async (request) => view(request.params.sku),
    );

    app.post(
      '/products',
      {
        config: { action: 'manage-products' },
        schema: {
          summary: 'Add a product',
          tags: ['products'],
          body: newProductSchema,
          response: { 201: productViewSchema },
        },
      },
      async (request, reply) => {
        const { sku, currency, price, releaseDate, policy, ...rest } = request.body;
        if (!isCurrency(currency))
          throw new HttpProblem(400, 'invalid_request', `${currency} is not a known currency.`);
        const releaseAt = Date.parse(releaseDate);
        const product = {
          ...rest,
          sku,
          currency,
          priceMinor: price,
          releaseAt,
          policy: policyOverrides(policy),
        };
        if (!(await addProduct(db, product)))
          throw new HttpProblem(409, 'sku_taken', `${sku} exists already.`);
        return reply.status(201).send(await view(sku));
      },
    );

    app.patch(
      '/products/:sku',
      {
        config: { action: 'manage-products' },
        schema: {
          summary: 'Change what can be sold: capacity, open for pre-orders',
          description:
            'A cut takes back the newest holds whose payment is still open; reserved units stay promised.',
          tags: ['products'],
          params,
          body: changeProductSchema,
          response: { 200: productViewSchema },
        },
      },
      async (request) => {
        const { sku } = request.params;
        const { capacity, open } = request.body;
        await view(sku);
        if (open !== undefined) await setOpen(db, sku, open);
        if (capacity !== undefined) await setCapacity(db, sku, capacity);
        return view(sku);
      },
    );
  };
}
