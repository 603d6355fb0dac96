import { Link } from '@tanstack/react-router';
import type { OperatorOrder } from '../../../../contract/api.js';
import { isFinal } from '../../../../domain/lifecycle.js';
import { Badge, StatusBadge, type Tone } from '../../ui/badge.js';
import { words } from '../../ui/format.js';
import { Table, Td, Th, Tr } from '../../ui/table.js';
import { Ago, Day } from '../../ui/time.js';
import type { OrdersSearch } from './search.js';

/** Of a refund whose money has not arrived: it outlives the order. */
const unsettled: Partial<Record<string, Tone>> = {
  pending: 'wait',
  requires_action: 'wait',
  failed: 'bad',
  canceled: 'bad',
};

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
      className="orders"
      head={
        <>
          <Th>
            <label className="flex items-center gap-1.5">
              <input
                type="checkbox"
                aria-label="Select all on this page"
                checked={areAll}
                onChange={toggleAll}
              />
              <span aria-hidden className="hidden max-[760px]:inline">
                All
              </span>
            </label>
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
      <Td label="Order" className="nowrap">
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
        <span className="flex flex-wrap gap-1 whitespace-nowrap">
          <StatusBadge status={order.status} />
          {order.needsAttention && <Badge tone="bad">needs attention</Badge>}
          {order.refund && unsettled[order.refund.status] && (
            <Badge tone={unsettled[order.refund.status] ?? 'wait'}>refund {words(order.refund.status)}</Badge>
          )}
        </span>
      </Td>
      <Td label="Customer" className="flexible">
        <span className="block truncate" title={customer?.name}>
          {customer?.name}
        </span>
        <span className="block truncate text-muted max-[760px]:hidden" title={customer?.email}>
          {customer?.email}
        </span>
      </Td>
      <Td label="Product" className="flexible">
        <span className="block truncate" title={order.productName}>
          {order.quantity} × {order.productName}
        </span>
        <span className="block truncate text-muted max-[760px]:hidden">{order.sku}</span>
      </Td>
      <Td label="Amount" number>
        {order.amountText} {order.currency}
      </Td>
      <Td label="Placed" className="nowrap">
        <Day at={order.placedAt} />
      </Td>
      <Td label="Deadline" className="nowrap">
        <Day at={order.deadline} className={isFinal(order.status) ? 'text-muted' : ''} />
        {!isFinal(order.status) && <Ago at={order.deadline} clock={order.now} className="text-muted" />}
      </Td>
      <Td label="Changed" className="nowrap">
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
