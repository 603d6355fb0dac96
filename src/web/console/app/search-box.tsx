import { useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useState, type FormEvent, type RefObject } from 'react';
import { isOrderId } from '../../../domain/identity.js';
import { inputLook } from '../ui/field.js';

/** Finds orders; a whole order id opens it. `/` leads here from everywhere. */
export function SearchBox({ input }: { input: RefObject<HTMLInputElement | null> }) {
  const navigate = useNavigate();
  const asked = useLocation({ select: ({ search }) => ('q' in search ? (search.q ?? '') : '') });
  const [text, setText] = useState(asked);
  useEffect(() => setText(asked), [asked]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const q = text.trim();
    if (isOrderId(q)) void navigate({ to: '/orders/$orderId', params: { orderId: q } });
    else
      void navigate({
        to: '/orders',
        search: (before) => ({ ...before, q: q || undefined, after: undefined }),
      });
  };
  return (
    <form role="search" onSubmit={submit} className="relative">
      <input
        ref={input}
        type="search"
        aria-label="Search orders"
        placeholder="Search orders"
        title="The beginning of an order id, a name, an e-mail address, a tracking code, a product, or a whole id: of the gateway’s payment, charge or refund, or of a request"
        maxLength={100}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className={`${inputLook} pr-8`}
      />
      <kbd
        aria-hidden
        className="pointer-events-none absolute top-1.5 right-2 rounded-sm border border-line px-1.5 font-mono text-sm text-muted"
      >
        /
      </kbd>
    </form>
  );
}
