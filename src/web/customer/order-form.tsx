import type { ReactNode } from 'react';
import type { ProductView } from '../../contract/api.js';
import { fullAmount, times } from '../../domain/money.js';
import { countries } from './countries.js';
import { fieldNames, fields, type Field } from './fields.js';
import { testCards } from './test-cards.js';

export interface FormState {
  /** One per form: sent twice, it orders once. */
  key: string;
  /** As it was typed. */
  values: Partial<Record<Field, string>>;
  errors: Partial<Record<Field, string>>;
  /** What stands in the way and belongs to no field. */
  problem?: string | undefined;
}

interface OrderFormProps {
  product: ProductView;
  form: FormState;
  maxQuantity: number;
}

export function OrderForm({ product, form, maxQuantity }: OrderFormProps) {
  return (
    <section className="card" aria-labelledby="order">
      <h2 id="order">Pre-order</h2>
      <Wrong form={form} />
      <form method="post" action={`/shop/${encodeURIComponent(product.sku)}`}>
        <input type="hidden" name="key" value={form.key} />
        <Quantity {...{ product, form, maxQuantity }} />
        <Text name="name" form={form} maxLength={200} />
        <Text
          name="email"
          form={form}
          type="email"
          maxLength={200}
          hint="The link to your order goes there."
        />
        <Text name="street" form={form} maxLength={200} />
        <div className="pair">
          <Text name="zip" form={form} maxLength={20} />
          <Text name="city" form={form} maxLength={100} />
        </div>
        <Country form={form} />
        <Cards form={form} />
        <button type="submit">Pre-order and pay</button>
        <p className="small">The full price is charged now. Sending the form twice orders once.</p>
      </form>
    </section>
  );
}

/** Everything that is wrong at the top, each with a way to its field. */
function Wrong({ form: { errors, problem } }: { form: FormState }) {
  const wrong = fieldNames.filter((name) => errors[name]);
  if (!problem && wrong.length === 0) return null;
  return (
    <div className="alert" role="alert" tabIndex={-1} autoFocus>
      {problem && <p>{problem}</p>}
      {wrong.length > 0 && (
        <>
          <p>Please check:</p>
          <ul>
            {wrong.map((name) => (
              <li key={name}>
                <a href={`#${name}`}>{fields[name].label}</a>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

interface FieldProps {
  name: Field;
  form: FormState;
  hint?: string;
}

/** What an input says of itself to whoever cannot see what stands beside it. */
function described({ name, form, hint }: FieldProps) {
  const ids = [hint && `${name}-hint`, form.errors[name] && `${name}-error`].filter(Boolean).join(' ');
  return {
    id: name,
    name,
    required: true,
    ...(ids ? { 'aria-describedby': ids } : {}),
    ...(form.errors[name] ? { 'aria-invalid': true } : {}),
  };
}

function Labelled({ name, form, hint, children }: FieldProps & { children: ReactNode }) {
  return (
    <div className="field">
      <label htmlFor={name}>{fields[name].label}</label>
      {hint && (
        <p className="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      {children}
      <FieldError name={name} form={form} />
    </div>
  );
}

function FieldError({ name, form }: FieldProps) {
  return form.errors[name] ? (
    <p className="error" id={`${name}-error`}>
      {form.errors[name]}
    </p>
  ) : null;
}

/** Each choice says what it costs, so the total is known before anything is sent. */
function Quantity({ product, form, maxQuantity }: OrderFormProps) {
  const each = { amountMinor: product.price, currency: product.currency };
  const choices = Array.from({ length: maxQuantity }, (_, index) => index + 1);
  return (
    <Labelled name="quantity" form={form}>
      <select
        {...described({ name: 'quantity', form })}
        autoComplete="off"
        defaultValue={form.values.quantity ?? '1'}
      >
        {choices.map((quantity) => (
          <option key={quantity} value={quantity}>
            {quantity === 1 ? '1' : `${quantity} × ${fullAmount(each)}`}: {fullAmount(times(each, quantity))}{' '}
            in all
          </option>
        ))}
      </select>
    </Labelled>
  );
}

interface TextProps extends FieldProps {
  type?: 'text' | 'email';
  maxLength?: number;
}

function Text({ name, form, hint, ...input }: TextProps) {
  return (
    <Labelled name={name} form={form} {...(hint ? { hint } : {})}>
      <input
        {...described({ name, form, ...(hint ? { hint } : {}) })}
        {...input}
        autoComplete={fields[name].autoComplete ?? 'off'}
        defaultValue={form.values[name] ?? ''}
      />
    </Labelled>
  );
}

function Country({ form }: { form: FormState }) {
  return (
    <Labelled name="country" form={form}>
      <select
        {...described({ name: 'country', form })}
        autoComplete="country"
        defaultValue={form.values.country ?? ''}
      >
        <option value="">Please choose</option>
        {countries.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

function Cards({ form }: { form: FormState }) {
  const chosen = form.values.paymentMethod ?? testCards[0].token;
  const error = form.errors.paymentMethod;
  return (
    <fieldset id="paymentMethod" {...(error ? { 'aria-describedby': 'paymentMethod-error' } : {})}>
      <legend>{fields.paymentMethod.label}</legend>
      <p className="hint">Test cards of the payment sandbox: no money moves.</p>
      {testCards.map(({ token, label }) => (
        <label key={token} className="choice">
          <input type="radio" name="paymentMethod" value={token} defaultChecked={token === chosen} /> {label}
        </label>
      ))}
      <FieldError name="paymentMethod" form={form} />
    </fieldset>
  );
}
