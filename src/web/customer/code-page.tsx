import { Layout, type Shell } from './layout.js';

/** The one page for whoever has shown no code, or one that opens nothing: it does not tell whether there is such an order. */
export function CodePage({ shell, id, wrong }: { shell: Shell; id: string; wrong: boolean }) {
  return (
    <Layout shell={shell} title={wrong ? 'No such order' : 'Your order'} hasLink>
      <section className="card" aria-labelledby="code-title">
        <h1 id="code-title">{wrong ? 'We found no order for this code' : 'Open your order'}</h1>
        <p>
          {wrong
            ? 'Perhaps the link was cut off. Copy the whole code from one of our mails and paste it here.'
            : 'Paste the code from one of our mails. The link in the mail does it for you.'}
        </p>
        <form method="post" action={`/order/${encodeURIComponent(id)}/open`} id="open">
          <div className="field">
            <label htmlFor="code">Code</label>
            <p className="hint" id="code-hint">
              It begins with pot_
            </p>
            <input
              id="code"
              name="code"
              required
              maxLength={500}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              aria-describedby="code-hint"
            />
          </div>
          <button type="submit">Open my order</button>
        </form>
        <p>
          No mail at hand?{' '}
          <a href={`/order/link?order=${encodeURIComponent(id)}`}>Have your link sent again</a>
        </p>
      </section>
    </Layout>
  );
}
