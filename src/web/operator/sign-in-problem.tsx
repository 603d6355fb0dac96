import type { Shell } from '../customer/layout.js';

interface SignInProblemProps {
  asset: Shell['asset'];
  title: string;
  text: string;
  requestId: string;
}

/** Where a link that should have signed a browser in leads instead. */
export function SignInProblem({ asset, title, text, requestId }: SignInProblemProps) {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · Pre-orders`}</title>
        <link rel="stylesheet" href={asset('tokens.css')} />
        <link rel="stylesheet" href={asset('customer.css')} />
        <link rel="icon" type="image/svg+xml" href={asset('mark.svg')} />
      </head>
      <body>
        <header>
          <a className="home" href="/">
            Pre-orders
          </a>
        </header>
        <main>
          <section className="card status wait" aria-labelledby="problem">
            <h1 id="problem">{title}</h1>
            <p>{text}</p>
            <p>
              For a new link run <code className="mono">npx preorder sign-in</code> where the shop runs.
            </p>
            <div className="actions">
              <a className="button" href="/">
                To the console
              </a>
            </div>
            <p className="small">
              You may still be signed in there; if not, a key signs you in, too. Request{' '}
              <span className="mono">{requestId}</span>
            </p>
          </section>
        </main>
      </body>
    </html>
  );
}
