import type { z } from 'zod';
import type { ApiDeps } from '../deps.js';
import { placeOrderSchema } from '../../contract/api.js';
import { fieldNames, fields, type Field } from '../../web/customer/fields.js';

type Values = Partial<Record<Field, string>>;

/** One value of a form; a field that is sent twice is not one of ours. */
export function one(body: unknown, name: string): string | undefined {
  const value = (body as Record<string, unknown> | null | undefined)?.[name];
  return typeof value === 'string' ? value : undefined;
}

export const newKey = ({ random }: ApiDeps): string => Buffer.from(random(18)).toString('base64url');

/** The idempotency key of a form, when it is one of ours. */
export function keyOf(body: unknown): string | undefined {
  const key = one(body, 'key');
  return key !== undefined && /^[\w-]{8,128}$/.test(key) ? key : undefined;
}

/** The form as it was typed. */
export function typed(body: unknown): { key: string | undefined; values: Values } {
  const values: Values = {};
  for (const name of fieldNames) {
    const value = one(body, name);
    if (value !== undefined) values[name] = value;
  }
  return { key: keyOf(body), values };
}

/** The same body that the API takes. */
export function bodyOf(
  sku: string,
  { quantity, name, email, street, city, zip, country, paymentMethod }: Values,
) {
  return placeOrderSchema.safeParse({
    sku,
    quantity: /^\s*\d{1,6}\s*$/.test(quantity ?? '') ? Number(quantity) : quantity,
    customer: { name, email: email?.trim(), address: { street, city, zip, country } },
    paymentMethod,
  });
}

/** What is wrong with each field. `most`: units in one order of this product. */
export function wrongFields(
  error: z.ZodError | undefined,
  values: Values,
  most: number,
): Partial<Record<Field, string>> {
  const errors: Partial<Record<Field, string>> = {};
  if (Number(values.quantity) > most) errors.quantity = `At most ${most} in one order.`;
  for (const { path } of error?.issues ?? []) {
    const field = fieldNames.find((name) => name === path.at(-1));
    if (!field) continue;
    const empty = !values[field]?.trim() && field !== 'country' && field !== 'paymentMethod';
    errors[field] = empty ? 'Please fill this in.' : fields[field].wrong;
  }
  return errors;
}
