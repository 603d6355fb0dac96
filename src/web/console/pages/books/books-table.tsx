import { Link } from '@tanstack/react-router';
import type { Figures } from '../../../../contract/console.js';
import { moneyText } from '../../ui/format.js';
import { Table, Td, Th, Tr } from '../../ui/table.js';

type Product = Figures['products'][number];

const columns = [
  ['Charged', (p: Product) => p.charged],
  ['Refunded', (p: Product) => p.refunded],
  ['Refunds on their way', (p: Product) => p.refundsOnTheirWay],
  ['Disputed', (p: Product) => p.disputed],
  ['Earned', (p: Product) => p.earned],
  ['Balance', balanceOf],
] as const;

/** What is still with us: charged, less what went back. */
function balanceOf({
  charged,
  refunded,
  disputed,
}: Pick<Product, 'charged' | 'refunded' | 'disputed'>): number {
  return charged - refunded - disputed;
}

/** One row per product, and below the sums of each currency: amounts of two are never added. */
export function BooksTable({ products }: { products: Product[] }) {
  const currencies = [...new Set(products.map(({ currency }) => currency))].sort();
  return (
    <Table
      label="Ledger, per product"
      head={
        <>
          <Th>Product</Th>
          {columns.map(([name]) => (
            <Th key={name} number>
              {name}
            </Th>
          ))}
        </>
      }
    >
      {products.map((product) => (
        <Tr key={product.sku}>
          <Td label="Product">
            <Link data-row to="/orders" search={{ sku: product.sku }} className="text-accent underline">
              {product.name}
            </Link>
          </Td>
          {columns.map(([name, value]) => (
            <Amount key={name} name={name} amount={value(product)} currency={product.currency} />
          ))}
        </Tr>
      ))}
      {currencies.map((currency) => (
        <Tr key={currency}>
          <Td label="Product">
            <strong>All in {currency}</strong>
          </Td>
          {columns.map(([name, value]) => (
            <Amount
              key={name}
              name={name}
              amount={sum(products.filter((product) => product.currency === currency).map(value))}
              currency={currency}
              isSum
            />
          ))}
        </Tr>
      ))}
    </Table>
  );
}

const sum = (amounts: number[]): number => amounts.reduce((total, amount) => total + amount, 0);

function Amount({
  name,
  amount,
  currency,
  isSum = false,
}: {
  name: string;
  amount: number;
  currency: string;
  isSum?: boolean;
}) {
  const look = [amount === 0 ? 'text-muted' : '', isSum ? 'font-semibold' : ''].join(' ');
  return (
    <Td label={name} number>
      <span className={look}>{moneyText(amount, currency)}</span>
    </Td>
  );
}
