import type { ProductView } from '../../contract/api.js';
import { fullAmount } from '../../domain/money.js';
import { Layout, type Shell } from './layout.js';
import { Moment } from './words.js';

/** Above it the exact number helps nobody decide. */
const FEW = 10;

export function Left({ left }: { left: number }) {
  if (left <= 0) return <span className="badge bad">Sold out</span>;
  if (left <= FEW) return <span className="badge wait">Only {left} left</span>;
  return <span className="badge good">{left} left</span>;
}

export const price = (product: ProductView): string =>
  fullAmount({ amountMinor: product.price, currency: product.currency });

export function ShopPage({ shell, products }: { shell: Shell; products: ProductView[] }) {
  return (
    <Layout shell={shell} title="Pre-orders">
      <h1>Open for pre-order</h1>
      <p className="lead">
        You pay in full today. If it does not ship in time, you get everything back, without asking.
      </p>
      {products.length === 0 ? (
        <section className="card" aria-labelledby="empty">
          <h2 id="empty">Nothing is open at the moment</h2>
          <p>
            The next release will be here as soon as it can be pre-ordered. Your orders are not touched by
            this.
          </p>
        </section>
      ) : (
        <ul className="shelf">
          {products.map((product) => (
            <li key={product.sku} className="card">
              <h2>
                <a href={`/shop/${encodeURIComponent(product.sku)}`}>{product.name}</a>
              </h2>
              <p className="price">{price(product)}</p>
              <p>
                Release: <Moment at={Date.parse(product.releaseDate)} />
              </p>
              <p>
                Ships by: <Moment at={Date.parse(product.shipsBy)} />
              </p>
              <p>
                <Left left={product.left} />
              </p>
            </li>
          ))}
        </ul>
      )}
    </Layout>
  );
}
