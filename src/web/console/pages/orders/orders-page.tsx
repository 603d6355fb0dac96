import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { ordersQuery } from '../../data/queries.js';
import { buttonLook } from '../../ui/button.js';
import { PageHead } from '../../ui/card.js';
import { Empty, Shown } from '../../ui/states.js';
import { BulkBar } from './bulk-bar.js';
import { Filters } from './filters.js';
import { OrderTable } from './order-table.js';
import { filterOf, type OrdersSearch } from './search.js';

const none: ReadonlySet<string> = new Set();

export function OrdersPage() {
  const search = useSearch({ from: '/orders' });
  const query = useQuery({ ...ordersQuery(search), placeholderData: keepPreviousData });
  const { selected, select } = useSelection(search, query.data?.orders ?? []);
  const filter = filterOf(search);
  return (
    <>
      <PageHead title="Orders" />
      <Filters search={search} />
      <BulkBar
        filter={filter}
        selected={[...selected]}
        clear={() => select(none)}
        isEmpty={query.data?.orders.length === 0}
      />
      <div className="rounded-md border border-line bg-surface" aria-busy={query.isPlaceholderData}>
        <Shown query={query} rows={8}>
          {({ orders }) =>
            orders.length === 0 ? (
              <NothingFound isFiltered={Object.keys(filter).length > 0} />
            ) : (
              <OrderTable orders={orders} search={search} selected={selected} select={select} />
            )
          }
        </Shown>
      </div>
      <nav aria-label="Pages of the list" className="mt-3 flex gap-2">
        {search.after && (
          <Link to="/orders" search={{ ...search, after: undefined }} className={buttonLook()}>
            First page
          </Link>
        )}
        {query.data?.next && (
          <Link to="/orders" search={{ ...search, after: query.data.next }} className={buttonLook()}>
            Next page
          </Link>
        )}
      </nav>
    </>
  );
}

/** Nothing is selected that cannot be seen: another page, search or sort begins anew, and what leaves the list drops out. */
function useSelection(search: OrdersSearch, shown: { orderId: string }[]) {
  const address = JSON.stringify(search);
  const [chosen, setChosen] = useState({ address, ids: none });
  const ids = chosen.address === address ? chosen.ids : none;
  if (chosen.address !== address) setChosen({ address, ids });
  return {
    selected: new Set(shown.map(({ orderId }) => orderId).filter((id) => ids.has(id))) as ReadonlySet<string>,
    select: (next: ReadonlySet<string>): void => setChosen({ address, ids: next }),
  };
}

function NothingFound({ isFiltered }: { isFiltered: boolean }) {
  if (!isFiltered)
    return <Empty title="No orders yet">The first one appears here the moment it is placed.</Empty>;
  return (
    <Empty title="No order is like that">
      A search finds the beginning of an order id, of a name, an e-mail address or a tracking code, and whole
      ids of the gateway or of a request.{' '}
      <Link to="/orders" search={{}} className="text-accent underline">
        Show all orders
      </Link>
    </Empty>
  );
}
