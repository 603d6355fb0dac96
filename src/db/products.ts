import type { PolicyOverrides } from '../domain/policy.js';
import type { Db, Tx } from './database.js';
import { at } from './schema.js';

export interface NewProduct {
  sku: string;
  name: string;
  description: string;
  priceMinor: number;
  currency: string;
  capacity: number;
  releaseAt: number;
  policy: PolicyOverrides;
}

/** Adds a product; false when the SKU is taken. */
export async function addProduct(db: Db, product: NewProduct): Promise<boolean> {
  const row = await db
    .insertInto('products')
    .values({
      sku: product.sku,
      name: product.name,
      description: product.description,
      price_minor: product.priceMinor,
      currency: product.currency,
      capacity: product.capacity,
      release_at: at(product.releaseAt),
      policy: JSON.stringify(product.policy),
    })
    .onConflict((oc) => oc.doNothing())
    .returning('sku')
    .executeTakeFirst();
  return row !== undefined;
}

export async function productRow(db: Tx, sku: string) {
  return db
    .selectFrom('products')
    .select(['sku', 'name', 'description', 'price_minor', 'currency', 'capacity', 'reserved', 'release_at'])
    .select(['policy', 'open'])
    .where('sku', '=', sku)
    .executeTakeFirst();
}

export async function allProducts(db: Db) {
  return db.selectFrom('products').selectAll().orderBy('release_at').orderBy('sku').execute();
}

export async function setOpen(db: Db, sku: string, open: boolean): Promise<void> {
  await db.updateTable('products').set({ open }).where('sku', '=', sku).execute();
}
