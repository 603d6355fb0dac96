import type { OrderView } from '../../contract/api.js';
import { callsOf } from '../../contract/calls.js';
import { isFinal } from '../../domain/lifecycle.js';
import type { Output } from '../output.js';
import { attentionBlock, orderHead } from './order-page.js';
import { deadlineStands } from '../../domain/words.js';
import { countdown, fields, instant, instantWithSeconds } from './text.js';

export interface Screen {
  show(order: OrderView): void;
  /** Something else was printed: what is above stays. */
  interrupted(): void;
}

/** A terminal: the same few lines are drawn again, with a countdown. */
export function createLiveScreen(output: Output): Screen {
  let drawn = 0;
  return {
    show(order) {
      const lines = frame(order, output).split('\n');
      const back = drawn > 0 ? `\u001b[${drawn}A\u001b[0J` : '';
      output.write(`${back}${lines.join('\n')}\n`);
      drawn = lines.length;
    },
    interrupted: () => {
      drawn = 0;
    },
  };
}

function frame(order: OrderView, output: Output): string {
  const parts = [orderHead(order, output)];
  parts.push(...callsOf(order).map((call) => attentionBlock(call, output)));
  parts.push(fields(rows(order), output.columns));
  if (!isFinal(order.status)) parts.push(output.paint.dim('Ctrl-C ends watching; the order goes on.'));
  return parts.join('\n\n');
}

function rows(order: OrderView): [string, string | undefined][] {
  const details: [string, string][] = [['Facts', facts(order)]];
  if (!deadlineStands(order.status)) return details;
  const left = (iso: string): string => {
    const ms = Date.parse(iso) - Date.parse(order.now);
    return ms >= 0 ? `in ${countdown(ms)}` : `${countdown(ms)} ago`;
  };
  return [
    ...details,
    ['Release', `${instant(order.releaseDate)}, ${left(order.releaseDate)}`],
    ['Deadline', `${instant(order.deadline)}, ${left(order.deadline)}`],
  ];
}

/** A pipe or a file: one line for each change. */
export function createLineScreen(output: Output): Screen {
  let shown = '';
  return {
    show(order) {
      const line = `${order.status}  ${facts(order)}`;
      if (line === shown) return;
      shown = line;
      output.write(
        output.json ? `${JSON.stringify(order)}\n` : `${instantWithSeconds(order.now)}  ${line}\n`,
      );
    },
    interrupted: () => undefined,
  };
}

/** All that can change without the status changing. */
function facts(order: OrderView): string {
  return [
    `payment ${order.payment.status}`,
    `reservation ${order.reservation.status}`,
    order.fulfillment && `fulfillment ${order.fulfillment.status}`,
    order.shipment && `shipment ${order.shipment.status}`,
    order.shipment && order.shipment.reminders > 0 && `reminders ${order.shipment.reminders}`,
    order.refund && `refund ${order.refund.status}`,
    order.cancelReason && `cancel reason ${order.cancelReason}`,
    order.needsAttention && `needs attention: ${order.needsAttention.reason}`,
  ]
    .filter(Boolean)
    .join(', ');
}
