import type { ReactElement, ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';

/** What every page needs beside its own facts. `asset`: the address of one of our files; `contact`: where people answer. */
export interface Shell {
  asset: (name: 'tokens.css' | 'customer.css' | 'order.js' | 'mark.svg') => string;
  contact: string;
}

interface LayoutProps {
  shell: Shell;
  title: string;
  /** Seconds after which the page looks again. Only where nothing can be typed. */
  refresh?: number;
  /** It changes within moments: without a script it looks again, too. */
  soon?: boolean;
  /** It leads to a new link itself, and need not at its foot. */
  hasLink?: boolean;
  children: ReactNode;
}

export function Layout({ shell, title, refresh, soon, hasLink = false, children }: LayoutProps) {
  const { asset, contact } = shell;
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <link rel="stylesheet" href={asset('tokens.css')} />
        <link rel="stylesheet" href={asset('customer.css')} />
        <link rel="icon" type="image/svg+xml" href={asset('mark.svg')} />
        <script src={asset('order.js')} defer />
        {refresh !== undefined && soon && (
          <noscript>
            <meta httpEquiv="refresh" content={String(refresh)} />
          </noscript>
        )}
      </head>
      <body>
        <a className="skip" href="#main">
          Skip to the content
        </a>
        <header>
          <a className="home" href="/shop">
            <Mark /> Pre-orders
          </a>
        </header>
        <p className="unseen" role="status" id="news" />
        <main id="main" tabIndex={-1} data-refresh={refresh}>
          {children}
        </main>
        <footer>
          <p>
            A question? Write to <a href={`mailto:${contact}`}>{contact}</a> and a person answers.
          </p>
          {!hasLink && (
            <p>
              Lost the mail? <a href="/order/link">Get the link to your order again</a>
            </p>
          )}
        </footer>
      </body>
    </html>
  );
}

/** An order's way: paid today, delivered later. */
const Mark = () => (
  <svg viewBox="0 0 24 24" width="26" height="26" aria-hidden>
    <circle cx="5" cy="12" r="3.2" fill="currentColor" />
    <path d="M8 12h8" stroke="currentColor" strokeWidth="2" strokeDasharray="2.4 2.2" />
    <circle cx="19" cy="12" r="3.2" fill="none" stroke="currentColor" strokeWidth="2" />
  </svg>
);

export function Back({ orderId }: { orderId: string }) {
  return (
    <p>
      <a href={`/order/${orderId}`}>← Your order</a>
    </p>
  );
}

/** No script of React's is sent: what a page says stands in its HTML. */
export const render = (page: ReactElement): string => `<!doctype html>${renderToStaticMarkup(page)}`;
