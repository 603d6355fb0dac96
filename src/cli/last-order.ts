import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isOrderId } from '../domain/identity.js';

export type LastOrder = ReturnType<typeof createLastOrder>;

/** The order that `-` stands for: the last one any command touched. */
export function createLastOrder(dataDir: string) {
  const file = join(dataDir, 'last-order');

  function recall(): string | undefined {
    try {
      const id = readFileSync(file, 'utf8').trim();
      return isOrderId(id) ? id : undefined;
    } catch {
      return undefined;
    }
  }

  return {
    recall,
    remember: (orderId: string): void => {
      if (recall() === orderId) return;
      try {
        mkdirSync(dataDir, { recursive: true });
        writeFileSync(file, `${orderId}\n`);
      } catch {
        // A folder that cannot be written costs the convenience of `-`, never the command.
      }
    },
  };
}
