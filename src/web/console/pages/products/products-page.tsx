import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { figuresQuery } from '../../data/queries.js';
import { Button } from '../../ui/button.js';
import { PageHead } from '../../ui/card.js';
import { Empty, Shown } from '../../ui/states.js';
import { NewProductDialog } from './new-product.js';
import { ProductCard } from './product-card.js';

export function ProductsPage() {
  const query = useQuery(figuresQuery);
  const [isAdding, setAdding] = useState(false);
  return (
    <>
      <PageHead
        title="Products"
        lead="Units and money of each, and how long until its release and its deadline."
      >
        <Button tone="primary" onClick={() => setAdding(true)}>
          Add a product …
        </Button>
      </PageHead>
      <Shown query={query}>
        {({ products }) =>
          products.length === 0 ? (
            <Empty title="No products yet">Add one, and it can be pre-ordered until its deadline.</Empty>
          ) : (
            <ul className="grid gap-3 lg:grid-cols-2">
              {products.map((product) => (
                <li key={product.sku} className="min-w-0">
                  <ProductCard
                    product={product}
                    until={Math.max(...products.map(({ deadline }) => Date.parse(deadline)))}
                  />
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
      {isAdding && <NewProductDialog onClose={() => setAdding(false)} />}
    </>
  );
}
