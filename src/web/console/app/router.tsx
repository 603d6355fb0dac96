import { createRootRoute, createRoute, createRouter, Link } from '@tanstack/react-router';
import { BooksPage } from '../pages/books/books-page.js';
import { MailPage } from '../pages/development/mail-page.js';
import { needsSearch, NeedsMePage } from '../pages/needs-me/needs-me-page.js';
import { OrderPage } from '../pages/order/order-page.js';
import { OrdersPage } from '../pages/orders/orders-page.js';
import { ordersSearch } from '../pages/orders/search.js';
import { ProductsPage } from '../pages/products/products-page.js';
import { SandboxPage } from '../pages/development/sandbox-page.js';
import { PageHead } from '../ui/card.js';
import { Failed } from '../ui/states.js';
import { SessionGate } from './session.js';

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const root = createRootRoute({ component: SessionGate, notFoundComponent: NoSuchPage });

const routes = [
  createRoute({ getParentRoute: () => root, path: '/', component: NeedsMePage, validateSearch: needsSearch }),
  createRoute({
    getParentRoute: () => root,
    path: '/orders',
    component: OrdersPage,
    validateSearch: ordersSearch,
  }),
  createRoute({ getParentRoute: () => root, path: '/orders/$orderId', component: OrderPage }),
  createRoute({ getParentRoute: () => root, path: '/products', component: ProductsPage }),
  createRoute({ getParentRoute: () => root, path: '/books', component: BooksPage }),
  createRoute({
    getParentRoute: () => root,
    path: '/mail',
    component: MailPage,
    validateSearch: (search): { mail?: string; orderId?: string } => ({
      mail: text(search.mail),
      orderId: text(search.orderId),
    }),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/sandbox',
    component: SandboxPage,
    validateSearch: (search): { orderId?: string } => ({ orderId: text(search.orderId) }),
  }),
] as const;

/** Addresses as people write them: every value is text, nothing is quoted. */
export const router = createRouter({
  routeTree: root.addChildren([...routes]),
  defaultErrorComponent: ({ error, reset }) => <Failed error={error} retry={reset} />,
  scrollRestoration: true,
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const given = Object.entries(search).filter(([, value]) => value !== undefined && value !== '');
    const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
    return text && `?${text}`;
  },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

function NoSuchPage() {
  return (
    <>
      <PageHead title="There is no such page" />
      <Link to="/" className="text-accent underline">
        What needs me
      </Link>
    </>
  );
}
