import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { DAY } from '../../../../domain/deadline.js';
import { productsQuery } from '../../data/queries.js';
import { Button } from '../../ui/button.js';
import { inputLook } from '../../ui/field.js';
import { StatusFilter } from './status-filter.js';
import { filterOf, ordersSearch, type OrdersSearch } from './search.js';

/** Every choice is a link or goes into the address at once. */
export function Filters({ search }: { search: OrdersSearch }) {
  const navigate = useNavigate();
  const set = (change: OrdersSearch): void =>
    void navigate({ to: '/orders', search: { ...search, ...change, after: undefined } });
  const products = useQuery(productsQuery).data?.products ?? [];
  const isNear = search.deadlineBefore !== undefined;
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
      <Toggle isOn={isNear} onChange={(on) => set({ deadlineBefore: on ? inAWeek() : undefined })}>
        Deadline within 7 days
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
      {search.q && (
        <span className="inline-flex min-h-8 items-center rounded-sm bg-sunken pl-2.5">
          <span className="max-w-52 truncate">“{search.q}”</span>
          <Button
            tone="quiet"
            className="px-1.5"
            aria-label="End the search"
            onClick={() => set({ q: undefined })}
          >
            ✕
          </Button>
        </span>
      )}
      {Object.keys(filterOf(search)).length > 0 && (
        <Link to="/orders" search={{ sort: search.sort }} className="px-1 text-muted underline">
          Clear
        </Link>
      )}
    </div>
  );
}

/** Whole days, so that the address stays the same for a while. */
const inAWeek = (): string => new Date(Math.ceil((Date.now() + 7 * DAY) / DAY) * DAY).toISOString();

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
