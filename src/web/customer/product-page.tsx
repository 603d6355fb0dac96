import type { ProductView } from '../../contract/api.js';
import { Layout, type Shell } from './layout.js';
import { OrderForm, type FormState } from './order-form.js';
import { Left, price } from './shop-page.js';
import { Moment } from './words.js';

export interface ProductPageProps {
  shell: Shell;
  product: ProductView;
  /** `closed`: not sold any more, or not yet. `no_payment`: this installation takes no test cards. */
  orderable: 'yes' | 'closed' | 'no_payment';
  maxQuantity: number;
  form: FormState;
}

export function ProductPage({ shell, product, orderable, maxQuantity, form }: ProductPageProps) {
  const wrong = form.problem !== undefined || Object.keys(form.errors).length > 0;
  return (
    <Layout shell={shell} title={wrong ? `Please check: ${product.name}` : `Pre-order ${product.name}`}>
      <h1>{product.name}</h1>
      {product.description && <p className="lead description">{product.description}</p>}
      <dl className="facts card">
        <dt>Price</dt>
        <dd className="price">{price(product)}</dd>
        <dt>Release</dt>
        <dd>
          <Moment at={Date.parse(product.releaseDate)} />
        </dd>
        <dt>Our promise</dt>
        <dd>
          It ships by <Moment at={Date.parse(product.shipsBy)} />. If it does not, we cancel the order and
          give you the full price back, without your asking. Until we start to ship it, you can cancel at any
          time and get everything back.
        </dd>
        <dt>Availability</dt>
        <dd>
          <Left left={product.left} />
        </dd>
      </dl>
      <Ordering {...{ shell, product, orderable, maxQuantity, form }} />
    </Layout>
  );
}

function Ordering({ product, orderable, maxQuantity, form }: ProductPageProps) {
  if (orderable === 'closed')
    return (
      <Closed
        title="Not open for pre-order"
        text="This product cannot be pre-ordered at the moment."
        problem={form.problem}
      />
    );
  if (product.left <= 0)
    return (
      <Closed
        title="Sold out"
        text="Every unit of it is promised to somebody. When somebody cancels, one is free again: look in now and then."
        problem={form.problem}
      />
    );
  if (orderable === 'no_payment')
    return (
      <Closed
        title="Ordering is not possible here"
        text="This shop has no way to pay on this page."
        problem={form.problem}
      />
    );
  return <OrderForm {...{ product, form }} maxQuantity={Math.min(maxQuantity, product.left)} />;
}

function Closed({ title, text, problem }: { title: string; text: string; problem: string | undefined }) {
  return (
    <section className="card" aria-labelledby="closed">
      <h2 id="closed">{title}</h2>
      {problem && <p role="alert">{problem}</p>}
      <p>{text}</p>
      <p>
        <a href="/shop">See what else is open</a>
      </p>
    </section>
  );
}
