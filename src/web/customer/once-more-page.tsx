import type { ProductView } from '../../contract/api.js';
import { fullAmount, times } from '../../domain/money.js';
import { fieldNames } from './fields.js';
import { Layout, type Shell } from './layout.js';
import type { FormState } from './order-form.js';

interface OnceMoreProps {
  shell: Shell;
  product: ProductView;
  form: FormState;
  /** The earlier order, for whoever holds its token. */
  orderId: string | undefined;
}

/** Before a second order of the same: it may be the first one's form, sent again. Of the first it says what was typed, no more. */
export function OnceMorePage({ shell, product, form: { key, values }, orderId }: OnceMoreProps) {
  const quantity = Number(values.quantity);
  const sum = fullAmount(times({ amountMinor: product.price, currency: product.currency }, quantity));
  const what = quantity === 1 ? product.name : `${quantity} × ${product.name}`;
  return (
    <Layout shell={shell} title={`Order it once more? ${product.name}`}>
      <section className="card status wait" aria-labelledby="question">
        <h1 id="question">Order it once more?</h1>
        <p className="about">{what}</p>
        <p>
          The same was ordered less than an hour ago, with this e-mail address and postal code. If you want it
          once, you are done: we have that order
          {orderId ? '.' : ', and the link to it comes by mail.'} This time nothing was ordered and nothing
          was charged.
        </p>
        <form method="post" action={`/shop/${encodeURIComponent(product.sku)}`} className="actions">
          <a className="button" href={orderId ? `/order/${orderId}` : '/shop'}>
            {orderId ? 'See that order' : 'No, once is enough'}
          </a>
          <input type="hidden" name="key" value={key} />
          <input type="hidden" name="again" value="yes" />
          {fieldNames.map((name) => (
            <input key={name} type="hidden" name={name} value={values[name] ?? ''} />
          ))}
          <button type="submit" className="quiet">
            Yes, pay {sum} for one more order
          </button>
        </form>
      </section>
    </Layout>
  );
}
