import type { OperatorOrder } from '../../../../contract/api.js';
import { isFinal } from '../../../../domain/lifecycle.js';
import { useSession } from '../../app/session-context.js';
import { ask } from '../../data/http.js';
import { useOnce } from '../../data/once.js';
import { Button } from '../../ui/button.js';
import { Notice } from '../../ui/notice.js';
import { Instant } from '../../ui/time.js';

type Wish = { to: 'release' | 'deadline' } | { by: string };

const wishes: [label: string, wish: Wish][] = [
  ['To the release', { to: 'release' }],
  ['To the deadline', { to: 'deadline' }],
  ['By a day', { by: '1d' }],
  ['By 30 days', { by: '30d' }],
];

function isPast(order: OperatorOrder, wish: Wish): boolean {
  if ('by' in wish) return false;
  return Date.parse(order.now) >= Date.parse(wish.to === 'release' ? order.releaseDate : order.deadline);
}

export function MoveTime({ order }: { order: OperatorOrder }) {
  const { timeSkipping } = useSession();
  const { orderId } = order;
  const move = useOnce(
    (wish: Wish) => ask<OperatorOrder>(`/api/orders/${orderId}/fast-forward`, { method: 'POST', body: wish }),
    () => [['order', orderId], ['orders'], ['needs-me'], ['mail']],
  );
  const isOver = isFinal(order.status);
  if (!timeSkipping)
    return (
      <p className="text-muted">
        This Temporal server does not skip time: use the one that npm start brings.
      </p>
    );
  return (
    <div className="space-y-2">
      <p>
        The order’s clock stands at <Instant at={order.now} />.
        {isOver && ' The order is over: nothing of it waits any more.'}
      </p>
      <div className="flex flex-wrap gap-2">
        {wishes.map(([label, wish]) => (
          <Button
            key={label}
            disabled={move.isPending || isOver || isPast(order, wish)}
            onClick={() => move.mutate(wish)}
          >
            {label}
          </Button>
        ))}
      </div>
      {move.isError && <Notice tone="bad">{move.error.message}</Notice>}
    </div>
  );
}
