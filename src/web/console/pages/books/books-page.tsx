import { useQuery } from '@tanstack/react-query';
import { figuresQuery } from '../../data/queries.js';
import { Card, PageHead } from '../../ui/card.js';
import { Empty, Shown } from '../../ui/states.js';
import { Instant } from '../../ui/time.js';
import { BooksTable } from './books-table.js';
import { Reconciliation } from './reconciliation.js';

export function BooksPage() {
  const query = useQuery(figuresQuery);
  return (
    <>
      <PageHead
        title="Books"
        lead="The ledger, per product, beside what the payment gateway keeps. The balance is what is still with the shop."
      />
      <div className="space-y-3">
        <Card title="Ledger and gateway" flush>
          <Shown query={query}>
            {(figures) =>
              figures.products.length + figures.strayCharges.length === 0 ? (
                <Empty title="No products yet" />
              ) : (
                <>
                  <BooksTable figures={figures} />
                  <Compared at={figures.comparedAt} />
                </>
              )
            }
          </Shown>
        </Card>
        <Reconciliation />
      </div>
    </>
  );
}

/** What the gateway's column is, and of when. */
function Compared({ at }: { at: string | null }) {
  return (
    <div className="border-t border-line px-3 py-2 text-muted">
      <p className="max-w-prose">
        {at === null ? (
          'Gateway: nothing has been compared in full yet.'
        ) : (
          <>
            Gateway: the balance, and where the reconciler has found another sum at the gateway, that sum. It
            last compared them at <Instant at={at} />: new charges and recent refunds and disputes each time,
            older charges in turns, an order that is just being paid or undone afterwards. Each difference is
            listed below.
          </>
        )}
      </p>
    </div>
  );
}
