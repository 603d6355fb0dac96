import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { orderQuery } from '../../data/queries.js';
import { StatusBadge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { Card, PageHead } from '../../ui/card.js';
import { TextField } from '../../ui/field.js';
import { Shown } from '../../ui/states.js';
import { FaultForm } from './fault-form.js';
import { Faults } from './faults.js';
import { MoveTime } from './move-time.js';
import { WorkerCard } from './worker-card.js';

/** Development: partners that fail on command, and months that pass at once. */
export function SandboxPage() {
  return (
    <>
      <PageHead title="Sandbox and time" lead="Make the partners fail, and watch the orders get over it." />
      <div className="grid gap-3 lg:grid-cols-2">
        <div className="space-y-3">
          <Card title="A fault">
            <FaultForm />
          </Card>
          <TimeOfOrder />
        </div>
        <div className="space-y-3">
          <Faults />
          <WorkerCard />
        </div>
      </div>
    </>
  );
}

function TimeOfOrder() {
  const { orderId } = useSearch({ from: '/sandbox' });
  const navigate = useNavigate();
  const [text, setText] = useState(orderId ?? '');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void navigate({ to: '/sandbox', search: { orderId: text.trim() || undefined } });
  };
  return (
    <Card title="Time of an order">
      <form onSubmit={submit} className="flex items-end gap-2">
        <div className="flex-1">
          <TextField
            label="Order"
            placeholder="po_…"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        <Button type="submit">Show</Button>
      </form>
      {orderId && <Chosen orderId={orderId} />}
    </Card>
  );
}

function Chosen({ orderId }: { orderId: string }) {
  const query = useQuery(orderQuery(orderId));
  return (
    <div className="mt-3">
      <Shown query={query} rows={2}>
        {(order) => (
          <div className="space-y-2">
            <p>
              <code className="font-mono">{order.orderId}</code> <StatusBadge status={order.status} />
            </p>
            <MoveTime order={order} />
          </div>
        )}
      </Shown>
    </div>
  );
}
