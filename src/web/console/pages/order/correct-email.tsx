import { useState, type FormEvent } from 'react';
import type { OperatorOrder } from '../../../../contract/api.js';
import type { EmailCorrected } from '../../../../contract/console.js';
import { ask } from '../../data/http.js';
import { useOnce } from '../../data/once.js';
import { Button } from '../../ui/button.js';
import { Dialog, DialogButtons } from '../../ui/dialog.js';
import { TextField } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';

/** For a customer who mistyped it, and gets none of the mails. */
export function CorrectEmail({ order }: { order: OperatorOrder }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Correct the address …</Button>
      {isOpen && <CorrectDialog order={order} onClose={() => setOpen(false)} />}
    </>
  );
}

function CorrectDialog({ order, onClose }: { order: OperatorOrder; onClose: () => void }) {
  const { orderId, customer } = order;
  // As it was seen when the dialog was opened.
  const [replaces] = useState(customer?.email);
  const [email, setEmail] = useState(replaces ?? '');
  const correct = useOnce(
    (wish: { email: string; replaces?: string | undefined }, key) =>
      ask<EmailCorrected>(`/api/orders/${orderId}/correct-email`, { method: 'POST', key, body: wish }),
    () => [['order', orderId], ['orders']],
    onClose,
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    correct.mutate({ email: email.trim(), replaces });
  };
  return (
    <Dialog
      title="Correct the e-mail address"
      description={`Mails about ${orderId} go to the new address from now on, the link to the order at once.`}
      onClose={onClose}
    >
      <form onSubmit={submit} className="mt-3 space-y-3">
        <TextField
          label="E-mail address"
          hint="Ask the customer to spell it: whoever gets these mails can see and cancel the order. Links and open pages of the order, the customer’s own included, stop working; the new link opens it."
          type="email"
          value={email}
          onChange={({ target }) => setEmail(target.value)}
          maxLength={200}
          required
        />
        {correct.isError && <Notice tone="bad">{correct.error.message}</Notice>}
        <DialogButtons>
          <Button onClick={onClose}>Close</Button>
          <Button
            type="submit"
            tone="primary"
            disabled={correct.isPending || email.trim() === customer?.email}
          >
            {correct.isPending ? 'Correcting …' : 'Correct it'}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
