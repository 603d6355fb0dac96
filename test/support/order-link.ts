import { eventually } from './eventually.js';
import type { World } from './world.js';

/** The way in from the last mail about an order. */
export async function orderLink(world: World, orderId: string): Promise<{ link: string; code: string }> {
  const text = await eventually(async () => (await world.sandbox.mail(orderId))[0]?.text);
  const [link = '', code = ''] = /http\S+#(pot_\S+)/.exec(text) ?? [];
  return { link, code };
}
