import type { ProductView } from '../../../contract/api.js';
import { ask } from './http.js';
import { useOnce } from './once.js';

export interface NewProduct {
  sku: string;
  name: string;
  description: string;
  price: number;
  currency: string;
  capacity: number;
  releaseDate: string;
}

const renewed = () => [['figures'], ['products']];

export const useNewProduct = (onDone: () => void) =>
  useOnce(
    (product: NewProduct) => ask<ProductView>('/api/products', { method: 'POST', body: product }),
    renewed,
    onDone,
  );

interface Change {
  sku: string;
  change: { open: boolean } | { capacity: number };
}

export const useProductChange = (onDone?: () => void) =>
  useOnce(
    ({ sku, change }: Change) =>
      ask<ProductView>(`/api/products/${encodeURIComponent(sku)}`, { method: 'PATCH', body: change }),
    renewed,
    onDone,
  );
