import type { Figures } from '../contract/console.js';
import { comparedAt, differencesAtGateway } from '../db/at-gateway.js';
import type { Db } from '../db/database.js';
import type { ProductFigures } from '../db/figures.js';

type Product = Figures['products'][number];

/** The gateway's side of the books: the ledger's balance and what the reconciler has found beside it. */
export async function gatewayView(db: Db) {
  const [at, differences] = [await comparedAt(db), await differencesAtGateway(db)];
  return {
    comparedAt: at === undefined ? null : new Date(at).toISOString(),
    strayCharges: differences
      .filter(({ sku }) => sku === null)
      .map(({ currency, amountMinor, subjects }) => ({ currency, amount: amountMinor, charges: subjects })),
    of({
      sku,
      charged,
      refunded,
      disputed,
    }: Pick<ProductFigures, 'sku' | 'charged' | 'refunded' | 'disputed'>): Pick<
      Product,
      'gateway' | 'gatewayDiffers'
    > {
      const own = differences.find((difference) => difference.sku === sku);
      const gateway = charged - refunded - disputed + (own?.amountMinor ?? 0);
      return { gateway: at === undefined ? null : gateway, gatewayDiffers: own?.subjects ?? 0 };
    },
  };
}
