import type { Command } from 'commander';
import type { ProductView } from '../../contract/api.js';
import type { Kit } from '../program.js';
import { withCode } from '../render/money.js';
import { table, type Column } from '../render/table.js';
import { examples } from './arguments.js';

export function addProducts(program: Command, kit: Kit): void {
  const command = program
    .command('products')
    .summary('what is sold, what is left')
    .description('What can be pre-ordered, how many are left, and by when it ships.')
    .action(
      kit.action(async ({ api, output, suggest }) => {
        const list = await api.get<{ products: ProductView[] }>('/products', 'list the products');
        await output.answer(list, () =>
          list.products.length > 0
            ? table(columns, list.products, output.tableWidth, output.paint.dim)
            : 'No products yet.',
        );
        const open = list.products.find((product) => product.open && product.left > 0);
        if (open) suggest([{ command: `place-order --product ${open.sku}`, why: '' }]);
      }),
    );
  examples(command, 'products', 'products --json');
}

const columns: Column<ProductView>[] = [
  { head: 'SKU', value: (p) => p.sku },
  { head: 'PRODUCT', value: (p) => p.name, shrinkTo: 10, dropFirst: 2 },
  { head: 'PRICE', value: (p) => withCode(p.priceText, p.currency), align: 'right' },
  { head: 'LEFT', value: (p) => (p.open ? `${p.left} of ${p.capacity}` : 'closed'), align: 'right' },
  { head: 'RELEASE (UTC)', value: (p) => p.releaseDate.slice(0, 10), dropFirst: 1 },
  { head: 'SHIPS BY (UTC)', value: (p) => p.shipsBy.slice(0, 10) },
];
