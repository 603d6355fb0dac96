import { DAY } from '../domain/deadline.js';
import type { ApiClient } from './api-client.js';

/** Products to try, with release dates that lie ahead of whenever this runs. */
export function catalogue(now: number) {
  const inDays = (days: number): string => new Date(Math.ceil((now + days * DAY) / DAY) * DAY).toISOString();
  return [
    {
      sku: 'aurora-phone',
      name: 'Aurora Phone',
      price: 69_900,
      currency: 'USD',
      capacity: 500,
      releaseDate: inDays(60),
    },
    {
      sku: 'orbit-console',
      name: 'Orbit Console',
      price: 49_900,
      currency: 'EUR',
      capacity: 200,
      releaseDate: inDays(120),
    },
    {
      sku: 'vinyl-box',
      name: 'Vinyl Box, limited',
      price: 12_000,
      currency: 'JPY',
      capacity: 3,
      releaseDate: inDays(90),
    },
  ];
}

/** Adds what is missing; what is there stays as it is. */
export async function seedProducts(api: ApiClient, now: number): Promise<void> {
  for (const product of catalogue(now)) {
    const reply = await api.post('/api/products', product);
    if (reply.status !== 201 && reply.status !== 409)
      throw new Error(`seeding ${product.sku}: ${JSON.stringify(reply.body)}`);
  }
}
