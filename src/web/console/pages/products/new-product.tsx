import { useState, type FormEvent } from 'react';
import { useNewProduct } from '../../data/products.js';
import { Button } from '../../ui/button.js';
import { Dialog, DialogButtons } from '../../ui/dialog.js';
import { TextField } from '../../ui/field.js';
import { instantText, moneyText } from '../../ui/format.js';
import { Notice } from '../../ui/notice.js';
import { minorUnits } from './amount.js';

const blank = {
  sku: '',
  name: '',
  description: '',
  price: '',
  currency: 'USD',
  capacity: '100',
  release: '',
};

export function NewProductDialog({ onClose }: { onClose: () => void }) {
  const [given, setGiven] = useState(blank);
  const add = useNewProduct(onClose);
  const field = (name: keyof typeof blank) => ({
    name,
    value: given[name],
    onChange: (event: { target: { value: string } }) => setGiven({ ...given, [name]: event.target.value }),
  });
  const currency = given.currency.trim().toUpperCase();
  const price = minorUnits(given.price, currency);
  const release = given.release === '' ? undefined : new Date(given.release);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (price === undefined || !release) return;
    const { sku, name, description, capacity } = given;
    const releaseDate = release.toISOString();
    add.mutate({ sku, name, description, price, currency, capacity: Number(capacity), releaseDate });
  };
  return (
    <Dialog
      title="Add a product"
      description="It is open for pre-orders at once. Price and promise are frozen on each order."
      onClose={onClose}
    >
      <form onSubmit={submit} className="mt-3 grid gap-3 sm:grid-cols-2">
        <TextField label="Name" required maxLength={200} autoFocus {...field('name')} />
        <TextField label="SKU" required maxLength={64} hint="Letters, digits, dot, dash" {...field('sku')} />
        <div className="sm:col-span-2">
          <TextField label="Description" maxLength={2000} {...field('description')} />
        </div>
        <TextField
          label="Price"
          required
          inputMode="decimal"
          {...field('price')}
          error={given.price !== '' && price === undefined ? `Not an amount in ${currency}` : undefined}
          hint={price === undefined ? 'With a point, e.g. 499.00' : moneyText(price, currency)}
        />
        <TextField
          label="Currency"
          required
          minLength={3}
          maxLength={3}
          hint="ISO 4217, e.g. EUR"
          {...field('currency')}
        />
        <TextField
          label="Units"
          type="number"
          required
          min={0}
          max={1_000_000}
          step={1}
          {...field('capacity')}
        />
        <TextField
          label="Release"
          type="datetime-local"
          required
          {...field('release')}
          hint={release ? instantText(release.getTime()) : 'In your time zone'}
        />
        <div className="sm:col-span-2">
          {add.isError && <Notice tone="bad">{add.error.message}</Notice>}
          <DialogButtons>
            <Button onClick={onClose}>Close</Button>
            <Button type="submit" tone="primary" disabled={add.isPending || price === undefined}>
              Add the product
            </Button>
          </DialogButtons>
        </div>
      </form>
    </Dialog>
  );
}
