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
        lead="The ledger’s figures, per product; and what does not fit between it and the others."
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
