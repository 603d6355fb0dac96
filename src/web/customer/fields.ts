/** The form's fields: their names on the wire, what they are called, and what to do when one is not usable. */
export type Field = 'quantity' | 'name' | 'email' | 'street' | 'city' | 'zip' | 'country' | 'paymentMethod';

export const fields: Record<Field, { label: string; wrong: string; autoComplete?: string }> = {
  quantity: { label: 'How many', wrong: 'Please give a whole number.' },
  name: {
    label: 'Your name',
    autoComplete: 'name',
    wrong: 'Please give your name, in one line of at most 200 letters.',
  },
  email: {
    label: 'E-mail',
    autoComplete: 'email',
    wrong: 'This does not look like an e-mail address, such as ada@example.com.',
  },
  street: {
    label: 'Street and number',
    autoComplete: 'street-address',
    wrong: 'Please give street and number, in one line of at most 200 letters.',
  },
  zip: {
    label: 'Postal code',
    autoComplete: 'postal-code',
    wrong: 'Please give the postal code, at most 20 letters.',
  },
  city: {
    label: 'City',
    autoComplete: 'address-level2',
    wrong: 'Please give the city, at most 100 letters.',
  },
  country: { label: 'Country', autoComplete: 'country', wrong: 'Please choose the country.' },
  paymentMethod: { label: 'Pay with', wrong: 'Please choose how to pay.' },
};

export const fieldNames = Object.keys(fields) as Field[];
