import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Figures } from '../../../../contract/console.js';
import { useProductChange } from '../../data/products.js';
import { Bar, type Part } from '../../pictures/bar.js';
import { Runway } from '../../pictures/runway.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { Card, Code } from '../../ui/card.js';
import { countText, moneyText } from '../../ui/format.js';
import { Notice } from '../../ui/notice.js';
import { useNow } from '../../ui/time.js';
import { CapacityDialog } from './capacity.js';

export type Product = Figures['products'][number];

export function ProductCard({ product, until }: { product: Product; until: number }) {
  const now = useNow();
  return (
    <Card as="article" title={product.name} aside={<Selling product={product} />}>
      <div className="space-y-4">
        <p className="flex flex-wrap gap-x-4 gap-y-1 text-muted">
          <Code>{product.sku}</Code>
          <span>{moneyText(product.price, product.currency)} each</span>
          <Link to="/orders" search={{ sku: product.sku }} className="text-accent underline">
            {countText(product.orders, 'order')}
          </Link>
          {product.awaitingRelease > 0 && (
            <Link
              to="/orders"
              search={{ sku: product.sku, status: 'awaiting_release' }}
              className="text-accent underline"
            >
              {product.awaitingRelease} awaiting release
            </Link>
          )}
          {product.needsAttention > 0 && (
            <Link
              to="/orders"
              search={{ sku: product.sku, needsAttention: 'true' }}
              className="text-bad underline"
            >
              {product.needsAttention} need attention
            </Link>
          )}
        </p>
        <Runway
          now={now}
          releaseAt={Date.parse(product.releaseDate)}
          deadlineAt={Date.parse(product.deadline)}
          until={until}
        />
        <div>
          <p className="mb-1 flex justify-between gap-2">
            <strong>{countText(product.sold, 'unit')} sold</strong>
            <span className="text-muted">
              of {product.capacity.toLocaleString('en-US')}, {product.cancelled.toLocaleString('en-US')}{' '}
              cancelled
            </span>
          </p>
          <Bar label="Units" parts={unitsOf(product)} />
        </div>
        <div>
          <p className="mb-1 flex justify-between gap-2">
            <strong>{moneyText(product.undelivered, product.currency)} held</strong>
            <span className="text-muted">for goods that are not delivered</span>
          </p>
          <Bar label="Money" parts={moneyOf(product)} />
        </div>
        <ProductButtons product={product} />
      </div>
    </Card>
  );
}

function Selling({ product }: { product: Product }) {
  if (!product.open) return <Badge tone="still">closed</Badge>;
  return product.left > 0 ? <Badge tone="good">open</Badge> : <Badge tone="wait">sold out</Badge>;
}

function unitsOf(product: Product): Part[] {
  const units: [string, number, Part['look']][] = [
    ['Delivered', product.delivered, 'good'],
    ['On their way', product.consumed - product.delivered, 'wait'],
    ['Reserved', product.reserved, 'info'],
    ['Held, unpaid', product.held, 'still'],
    ['Left', product.left, 'rest'],
  ];
  return units.map(([name, value, look]) => ({
    name,
    value: Math.max(value, 0),
    text: value.toLocaleString('en-US'),
    look,
  }));
}

function moneyOf(product: Product): Part[] {
  const amounts: [string, number, Part['look']][] = [
    ['Earned', product.earned, 'good'],
    ['Undelivered', product.undelivered, 'info'],
    ['Refunds going', product.refundsOnTheirWay, 'wait'],
    ['Refunded', product.refunded, 'still'],
    ['Disputed', product.disputed, 'bad'],
  ];
  return amounts.map(([name, value, look]) => ({
    name,
    value: Math.max(value, 0),
    text: moneyText(value, product.currency),
    look,
  }));
}

function ProductButtons({ product }: { product: Product }) {
  const [isChanging, setChanging] = useState(false);
  const change = useProductChange();
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap gap-2">
        <Button
          disabled={change.isPending}
          onClick={() => change.mutate({ sku: product.sku, change: { open: !product.open } })}
        >
          {product.open ? 'Close for pre-orders' : 'Open for pre-orders'}
        </Button>
        <Button onClick={() => setChanging(true)}>Change capacity …</Button>
      </div>
      {change.isError && <Notice tone="bad">{change.error.message}</Notice>}
      {isChanging && <CapacityDialog product={product} onClose={() => setChanging(false)} />}
    </div>
  );
}
