import { Layout, type Shell } from './layout.js';

/** For whoever has lost the mail. */
export function LinkPage({ shell, orderId }: { shell: Shell; orderId: string | undefined }) {
  return (
    <Layout shell={shell} title="Your link again" hasLink>
      <section className="card" aria-labelledby="link-title">
        <h1 id="link-title">Have your link sent again</h1>
        <p>We send it to the e-mail address on the order.</p>
        <form method="post" action="/order/link">
          <div className="field">
            <label htmlFor="order">Order number</label>
            <p className="hint" id="order-hint">
              It begins with po_ and stands in each of our mails and in the address of your order’s page.
            </p>
            <input
              id="order"
              name="order"
              required
              maxLength={40}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              defaultValue={orderId}
              aria-describedby="order-hint"
            />
          </div>
          <div className="field">
            <label htmlFor="email">E-mail</label>
            <input id="email" name="email" type="email" required maxLength={200} autoComplete="email" />
          </div>
          <button type="submit">Send my link</button>
        </form>
      </section>
    </Layout>
  );
}

/** It does not tell whether there is such an order. */
export function LinkAskedPage({ shell }: { shell: Shell }) {
  return (
    <Layout shell={shell} title="Look into your mail" hasLink>
      <section className="card" aria-labelledby="asked">
        <h1 id="asked">Look into your mail</h1>
        <p>
          If there is an order with this number and e-mail address, its link is on its way to that address. It
          takes a minute or two, and we send it once in a quarter of an hour.
        </p>
        <p>
          Nothing came? Look into the spam, and check what you typed. If the address on the order itself is
          wrong, write to <a href={`mailto:${shell.contact}`}>{shell.contact}</a>: a person helps you.
        </p>
        <div className="actions">
          <a className="button quiet" href="/order/link">
            Try once more
          </a>
        </div>
      </section>
    </Layout>
  );
}
