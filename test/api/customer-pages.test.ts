import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWorld, type World } from '../support/world.js';
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
it('smoke', async () => {
  const sku = await world.addProduct();
  for (const path of ['/shop', `/shop/${sku}`, '/shop/none', '/order/po_1', '/order/po_000000000000000000']) {
    const r = await fetch(world.url + path);
    console.log(path, r.status, Object.fromEntries(r.headers), (await r.text()).slice(0, 3000));
  }
});
