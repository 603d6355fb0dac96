import { useState, type FormEvent } from 'react';
import { useProductChange } from '../../data/products.js';
import { Button } from '../../ui/button.js';
import { Dialog, DialogButtons } from '../../ui/dialog.js';
import { TextField } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';
import type { Product } from './product-card.js';

export function CapacityDialog({ product, onClose }: { product: Product; onClose: () => void }) {
  const [text, setText] = useState(String(product.capacity));
  const change = useProductChange(onClose);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    change.mutate({ sku: product.sku, change: { capacity: Number(text) } });
  };
  return (
    <Dialog
      title={`Capacity of ${product.name}`}
      description="A cut takes back the newest holds whose payment is still open; reserved units stay promised."
      onClose={onClose}
    >
      <form onSubmit={submit} className="mt-3 space-y-3">
        <TextField
          label="Units that can be sold"
          type="number"
          inputMode="numeric"
          min={0}
          max={1_000_000}
          step={1}
          required
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        {change.isError && <Notice tone="bad">{change.error.message}</Notice>}
        <DialogButtons>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" tone="primary" disabled={change.isPending}>
            Change capacity
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
