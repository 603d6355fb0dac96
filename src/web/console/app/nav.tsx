import { Link } from '@tanstack/react-router';
import { useNeedsCount } from '../data/needs.js';
import { useSession } from './session-context.js';

const pages = [
  ['/', 'Needs me'],
  ['/orders', 'Orders'],
  ['/products', 'Products'],
  ['/books', 'Books'],
] as const;
const development = [
  ['/mail', 'Mail'],
  ['/sandbox', 'Sandbox'],
] as const;

export function NavLinks() {
  const session = useSession();
  const total = useNeedsCount() ?? 0;
  return (
    <ul className="flex flex-wrap gap-x-0.5 gap-y-1">
      {[...pages, ...(session.development ? development : [])].map(([to, name]) => (
        <li key={to}>
          <Link
            to={to}
            activeOptions={{ exact: to === '/', includeSearch: false }}
            className="inline-flex min-h-8 items-center gap-1.5 rounded-sm px-2.5 font-medium text-muted hover:bg-hover hover:text-text aria-[current=page]:bg-sunken aria-[current=page]:text-text"
          >
            {name}
            {to === '/' && total > 0 && (
              <span className="rounded-full bg-bad-ground px-1.5 text-sm font-semibold text-bad tabular-nums">
                {total}
              </span>
            )}
          </Link>
        </li>
      ))}
    </ul>
  );
}
