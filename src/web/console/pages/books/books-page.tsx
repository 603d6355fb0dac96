import { useQuery } from '@tanstack/react-query';
import { figuresQuery } from '../../data/queries.js';
import { Card, PageHead } from '../../ui/card.js';
import { Empty, Shown } from '../../ui/states.js';
import { BooksTable } from './books-table.js';
import { Reconciliation } from './reconciliation.js';

export function BooksPage() {
  const query = useQuery(figuresQuery);
  return (
    <>
      <PageHead
        title="Books"
        lead="The ledger, per product: the balance is what is still with the shop. Below, where gateway, ledger and stock differ."
      />
      <div className="space-y-3">
        <Card title="Ledger" flush>
          <Shown query={query}>
            {({ products }) =>
              products.length === 0 ? <Empty title="No products yet" /> : <BooksTable products={products} />
            }
          </Shown>
        </Card>
        <Reconciliation />
      </div>
    </>
  );
}
