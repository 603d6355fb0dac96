import { Link } from '@tanstack/react-router';
import type { Figures } from '../../../../contract/console.js';
import { moneyText } from '../../ui/format.js';
import { Table, Td, Th, Tr } from '../../ui/table.js';
import { AtGateway } from './at-gateway.js';

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
export function BooksTable({ figures }: { figures: Figures }) {
  const { products, strayCharges } = figures;
  const currencies = [...new Set([...products, ...strayCharges].map(({ currency }) => currency))].sort();
  return (
    <Table
      label="Ledger and gateway, per product"
      head={
        <>
          <Th>Product</Th>
          {columns.map(([name]) => (
            <Th key={name} number>
              {name}
            </Th>
          ))}
          <Th number>Gateway</Th>
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
          <AtGateway {...product} balance={balanceOf(product)} differs={product.gatewayDiffers} />
        </Tr>
      ))}
      {strayCharges.map(({ currency, amount, charges }) => (
        <Tr key={`stray ${currency}`}>
          <Td label="Product">Of no product, in {currency}</Td>
          {columns.map(([name]) => (
            <Amount key={name} name={name} amount={0} currency={currency} />
          ))}
          <AtGateway currency={currency} balance={0} gateway={amount} differs={charges} />
        </Tr>
      ))}
      {currencies.map((currency) => (
        <Sums key={currency} currency={currency} figures={figures} />
      ))}
    </Table>
  );
}

const sum = (amounts: number[]): number => amounts.reduce((total, amount) => total + amount, 0);

function Sums({ currency, figures }: { currency: string; figures: Figures }) {
  const own = figures.products.filter((product) => product.currency === currency);
  const strays = figures.strayCharges.filter((stray) => stray.currency === currency);
  const gateway = sum([...own.map((product) => product.gateway ?? 0), ...strays.map(({ amount }) => amount)]);
  return (
    <Tr>
      <Td label="Product">
        <Link data-row to="/orders" search={{ currency }} className="font-semibold text-accent underline">
          All in {currency}
        </Link>
      </Td>
      {columns.map(([name, value]) => (
        <Amount key={name} name={name} amount={sum(own.map(value))} currency={currency} isSum />
      ))}
      <AtGateway
        currency={currency}
        balance={sum(own.map(balanceOf))}
        gateway={figures.comparedAt === null ? null : gateway}
        differs={sum([...own.map((p) => p.gatewayDiffers), ...strays.map(({ charges }) => charges)])}
        isSum
      />
    </Tr>
  );
}

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
