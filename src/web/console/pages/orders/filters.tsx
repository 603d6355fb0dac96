import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { productsQuery } from '../../data/queries.js';
import { Button } from '../../ui/button.js';
import { inputLook } from '../../ui/field.js';
import { utcDayText } from '../../ui/format.js';
import { StatusFilter } from './status-filter.js';
import { filterOf, ordersSearch, type OrdersSearch } from './search.js';

/** Every choice is a link or goes into the address at once. */
export function Filters({ search }: { search: OrdersSearch }) {
  const navigate = useNavigate();
  const set = (change: OrdersSearch): void =>
    void navigate({ to: '/orders', search: { ...search, ...change, after: undefined } });
  const products = useQuery(productsQuery).data?.products ?? [];
  const { deadlineFrom } = search;
  // What is due soonest stands first, for as long as that is asked.
  const setNear = (on: boolean): void => {
    const sort = on ? 'deadline' : search.sort === 'deadline' ? undefined : search.sort;
    set({ deadlineNear: on ? 'true' : undefined, sort });
  };
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <Toggle isOn={search.open === 'true'} onChange={(on) => set({ open: on ? 'true' : undefined })}>
        Open
      </Toggle>
      <Toggle
        isOn={search.needsAttention === 'true'}
        onChange={(on) => set({ needsAttention: on ? 'true' : undefined })}
      >
        Needs attention
      </Toggle>
      <Toggle isOn={search.deadlineNear === 'true'} onChange={setNear}>
        Deadline within 7 days or past
      </Toggle>
      <StatusFilter value={search.status} onChange={(status) => set({ status })} />
      <select
        aria-label="Refund"
        value={search.refund ?? ''}
        onChange={({ target }) => set({ refund: ordersSearch({ refund: target.value }).refund })}
        className={`${inputLook} max-w-44`}
      >
        <option value="">Refund: any</option>
        <option value="pending">Refund: on its way</option>
        <option value="failed">Refund: failed</option>
      </select>
      <select
        aria-label="Product"
        value={search.sku ?? ''}
        onChange={(event) => set({ sku: event.target.value || undefined })}
        className={`${inputLook} max-w-56`}
      >
        <option value="">All products</option>
        {search.sku && !products.some(({ sku }) => sku === search.sku) && <option>{search.sku}</option>}
        {products.map(({ sku, name }) => (
          <option key={sku} value={sku}>
            {name}
          </option>
        ))}
      </select>
      {search.currency && (
        <Chip end="Any currency" onEnd={() => set({ currency: undefined })}>
          Orders in {search.currency}
        </Chip>
      )}
      {deadlineFrom && (
        <Chip end="Any deadline" onEnd={() => set({ deadlineFrom: undefined, deadlineBefore: undefined })}>
          Deadline on {utcDayText(deadlineFrom)}
        </Chip>
      )}
      {search.q && (
        <Chip end="End the search" onEnd={() => set({ q: undefined })}>
          “{search.q}”
        </Chip>
      )}
      {Object.keys(filterOf(search)).length > 0 && (
        <Link to="/orders" search={{ sort: search.sort }} className="px-1 text-muted underline">
          Clear
        </Link>
      )}
    </div>
  );
}

/** What was chosen elsewhere. */
function Chip({ end, onEnd, children }: { end: string; onEnd: () => void; children: ReactNode }) {
  return (
    <span className="inline-flex min-h-8 items-center rounded-sm bg-sunken pl-2.5">
      <span className="max-w-64 truncate">{children}</span>
      <Button tone="quiet" className="px-1.5" aria-label={end} onClick={onEnd}>
        ✕
      </Button>
    </span>
  );
}

function Toggle({
  isOn,
  onChange,
  children,
}: {
  isOn: boolean;
  onChange: (on: boolean) => void;
  children: string;
}) {
  return (
    <Button
      aria-pressed={isOn}
      className="rounded-full aria-pressed:border-accent aria-pressed:bg-accent aria-pressed:text-on-accent"
      onClick={() => onChange(!isOn)}
    >
      {children}
    </Button>
  );
}
