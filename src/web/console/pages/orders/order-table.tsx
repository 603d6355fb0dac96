import { Link } from '@tanstack/react-router';
import type { OperatorOrder } from '../../../../contract/api.js';
import { isFinal } from '../../../../domain/lifecycle.js';
import { Badge, StatusBadge } from '../../ui/badge.js';
import { Table, Td, Th, Tr } from '../../ui/table.js';
import { Ago, Day } from '../../ui/time.js';
import type { OrdersSearch } from './search.js';

interface Selection {
  selected: ReadonlySet<string>;
  select: (ids: ReadonlySet<string>) => void;
}

export function OrderTable({
  orders,
  search,
  selected,
  select,
}: Selection & { orders: OperatorOrder[]; search: OrdersSearch }) {
  const areAll = orders.every(({ orderId }) => selected.has(orderId));
  const toggleAll = (): void => select(areAll ? new Set() : new Set(orders.map(({ orderId }) => orderId)));
  return (
    <Table
      label="Orders"
      head={
        <>
          <Th>
            <input
              type="checkbox"
              aria-label="Select all on this page"
              checked={areAll}
              onChange={toggleAll}
            />
          </Th>
          <Th>Order</Th>
          <Th>Status</Th>
          <Th>Customer</Th>
          <Th>Product</Th>
          <Th number>Amount</Th>
          <SortHead name="Placed" by="placed" search={search} />
          <SortHead name="Deadline" by="deadline" search={search} />
          <SortHead name="Changed" by="updated" search={search} />
        </>
      }
    >
      {orders.map((order) => (
        <OrderRow key={order.orderId} order={order} selected={selected} select={select} />
      ))}
    </Table>
  );
}

function OrderRow({ order, selected, select }: Selection & { order: OperatorOrder }) {
  const { orderId, customer } = order;
  const toggle = (): void => {
    const next = new Set(selected);
    if (!next.delete(orderId)) next.add(orderId);
    select(next);
  };
  return (
    <Tr>
      <Td label="Select">
        <input
          type="checkbox"
          aria-label={`Select ${orderId}`}
          checked={selected.has(orderId)}
          onChange={toggle}
        />
      </Td>
      <Td label="Order">
        <Link
          data-row
          to="/orders/$orderId"
          params={{ orderId }}
          className="font-mono text-accent underline decoration-line underline-offset-2"
        >
          {orderId}
        </Link>
      </Td>
      <Td label="Status">
        <span className="inline-flex flex-wrap gap-1">
          <StatusBadge status={order.status} />
          {order.needsAttention && <Badge tone="bad">needs attention</Badge>}
        </span>
      </Td>
      <Td label="Customer">
        <span className="line-clamp-2" title={customer?.name}>
          {customer?.name}
        </span>
        <span className="line-clamp-1 text-muted" title={customer?.email}>
          {customer?.email}
        </span>
      </Td>
      <Td label="Product">
        <span className="line-clamp-2">
          {order.quantity} × {order.productName}
        </span>
      </Td>
      <Td label="Amount" number>
        {order.amountText} {order.currency}
      </Td>
      <Td label="Placed">
        <Day at={order.placedAt} />
      </Td>
      <Td label="Deadline">
        <Day at={order.deadline} />
        {!isFinal(order.status) && <Ago at={order.deadline} clock={order.now} className="block text-muted" />}
      </Td>
      <Td label="Changed">
        <Ago at={order.updatedAt} clock={order.now} />
      </Td>
    </Tr>
  );
}

/** Once: the nearest, or newest, first; twice: the other way round. */
function SortHead({
  name,
  by,
  search,
}: {
  name: string;
  by: 'placed' | 'deadline' | 'updated';
  search: OrdersSearch;
}) {
  const sort = search.sort ?? '-placed';
  const [first, second] = by === 'deadline' ? ([by, `-${by}`] as const) : ([`-${by}`, by] as const);
  const isSorted = sort === by ? 'ascending' : sort === `-${by}` ? 'descending' : undefined;
  return (
    <Th sort={isSorted}>
      <Link
        to="/orders"
        search={{ ...search, sort: sort === first ? second : first, after: undefined }}
        className="inline-flex items-center gap-1 hover:text-text"
      >
        {name}
        <span aria-hidden className={isSorted ? '' : 'opacity-40'}>
          {isSorted === 'ascending' ? '▲' : isSorted === 'descending' ? '▼' : '↕'}
        </span>
      </Link>
    </Th>
  );
}
