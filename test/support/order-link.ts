import { vi } from 'vitest';
import type { World } from './world.js';

/** The way in from the last mail about an order. */
export async function orderLink(world: World, orderId: string): Promise<{ link: string; code: string }> {
  const text = await vi.waitUntil(async () => (await world.sandbox.mail(orderId))[0]?.text, {
    timeout: 20_000,
  });
  const [link = '', code = ''] = /http\S+#(pot_\S+)/.exec(text) ?? [];
  return { link, code };
}
