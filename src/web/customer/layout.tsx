import type { ReactElement, ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';

/** What every page needs beside its own facts. `asset`: the address of one of our files; `contact`: where people answer. */
export interface Shell {
  asset: (name: 'tokens.css' | 'customer.css' | 'order.js') => string;
  contact: string;
}

interface LayoutProps {
  shell: Shell;
  title: string;
  /** Seconds after which the page looks again. Only where nothing can be typed. */
  refresh?: number;
  /** The page is reached by a link with a code in its fragment. */
  opens?: boolean;
  children: ReactNode;
}

export function Layout({ shell, title, refresh, opens, children }: LayoutProps) {
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
        {(refresh !== undefined || opens) && <script src={asset('order.js')} defer />}
        {refresh !== undefined && (
          <noscript>
            <meta httpEquiv="refresh" content={String(refresh * 3)} />
          </noscript>
        )}
      </head>
      <body>
        <a className="skip" href="#main">
          Skip to the content
        </a>
        <header>
          <a className="home" href="/shop">
            Pre-orders
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
        </footer>
      </body>
    </html>
  );
}

/** No script of React's is sent: what a page says stands in its HTML. */
export const render = (page: ReactElement): string => `<!doctype html>${renderToStaticMarkup(page)}`;
