import type { History, Person } from '../contract/console.js';
import type { Stored } from '../db/history.js';
import { attentionReasons } from '../domain/attention.js';
import { formatDuration } from '../domain/deadline.js';
import { isFinal, orderActions, type OrderAction, type OrderStatus } from '../domain/lifecycle.js';
import { formatMoney } from '../domain/money.js';
import type { OrderSnapshot } from '../domain/order.js';
import { refundWords } from '../domain/words.js';
import { noticeTexts, partnerTexts, statusTexts } from './history-texts.js';

type Fact = Omit<History['facts'][number], 'at' | 'amountText'> & { at: number };

/** The rows of an order as a list of facts by the order's own clock, oldest first. */
export function historyView(order: OrderSnapshot, stored: Stored): History {
  const who = personOf(stored);
  const clock = orderClock(stored.moves);
  const facts: Fact[] = [
    placed(order),
    ...steps(stored),
    ...money(stored),
    ...commands(stored, who, clock),
    ...proposals(stored, who, clock),
    ...delivery(stored, clock),
    ...undos(stored),
    ...calls(stored, who),
    ...notices(stored, clock),
    ...stored.moves.map(({ at, by_ms }): Fact => {
      const text = `Development: the order's clock was moved ahead by ${formatDuration(by_ms)}`;
      return { kind: 'time_moved', at: clock(at), text };
    }),
  ];
  return {
    orderId: order.orderId,
    facts: facts
      .map((fact, i) => ({ fact, i }))
      .sort((a, b) => a.fact.at - b.fact.at || rank(a.fact) - rank(b.fact) || a.i - b.i)
      .map(({ fact: { at, ...rest } }) => ({
        ...rest,
        at: new Date(at).toISOString(),
        ...(rest.amount !== undefined && rest.currency !== undefined
          ? { amountText: formatMoney({ amountMinor: rest.amount, currency: rest.currency }) }
          : {}),
      })),
  };
}

/** One task of a workflow does several things at one instant: what follows from what, then. */
function rank({ kind, status }: Fact): number {
  if (kind === 'status') return status === 'awaiting_pickup' ? 5 : isFinal(status as OrderStatus) ? 8 : 3;
  const ranks: Partial<Record<Fact['kind'], number>> = {
    placed: 0,
    charged: 2,
    fulfillment_order: 4,
    undo: 6,
  };
  return ranks[kind] ?? (kind === 'refund' || kind === 'earned' ? 7 : 9);
}

/** Wall clock → the order's clock, as far as it had been moved by then. Some rows are written by one, some by the other. */
function orderClock(moves: Stored['moves']): (wall: number) => number {
  return (wall) => moves.filter(({ at }) => at < wall).reduce((at, { by_ms }) => at + by_ms, wall);
}

type Who = (id: string, kind?: string) => Person | undefined;

/** By the id of a key, or by `workflow`, `gateway`, `reconciler`, which are the system. */
function personOf({ keys }: Stored): Who {
  return (id, kind) => {
    const key = keys.find((row) => row.id === id);
    if (key) return { kind: key.role, id, name: key.name };
    if (id === 'operator' || id === 'supervisor') return { kind: id, id, name: null };
    if (kind === 'customer' || kind === 'partner') return { kind, id, name: null };
    return { kind: 'system', id, name: null };
  };
}

const inWords = (code: string): string => code.replaceAll(/[_-]/g, ' ');
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const by = (person: Person | undefined): Pick<Fact, 'by'> => (person ? { by: person } : {});

function placed({ placedAt, amountMinor, currency, quantity, productName, customerId }: OrderSnapshot): Fact {
  const person: Person = { kind: 'customer', id: customerId, name: null };
  const text = `Placed: ${quantity} × ${productName}`;
  return { kind: 'placed', at: placedAt, text, by: person, amount: amountMinor, currency };
}

/** The first step is the placing itself. A step that a lost workflow task had made is made once more, and told once (ADR 019). */
const steps = ({ steps: rows }: Stored): Fact[] =>
  rows
    .filter(({ status }) => status !== 'payment_pending')
    .filter(
      ({ status, version }, i, all) =>
        !all.slice(0, i).some((earlier) => earlier.status === status && earlier.version >= version),
    )
    .map(({ status, at }) => ({ kind: 'status', at, status, text: statusTexts[status] }));

function money({ ledger, refunds, disputes }: Stored): Fact[] {
  const posted = ledger.flatMap(({ operation, at, gateway_id, amount_minor: amount, currency }): Fact[] => {
    const fact = { at, gatewayId: gateway_id, amount, currency };
    if (operation === 'charge') return [{ ...fact, kind: 'charged', text: 'The full price was charged' }];
    if (operation === 'delivery')
      return [{ ...fact, kind: 'earned', text: 'Delivered: the money is earned' }];
    if (operation !== 'refund_reversal') return [];
    return [{ ...fact, kind: 'refund', text: 'A refund that had been paid came back', status: 'failed' }];
  });
  const refunded = refunds.flatMap((row): Fact[] => {
    const { amount_minor: amount, currency } = row;
    const fact = {
      kind: 'refund' as const,
      amount,
      currency,
      ...(row.gateway_id ? { gatewayId: row.gateway_id } : {}),
    };
    const asked = { ...fact, at: row.requested_at, text: 'A refund was asked for', status: 'pending' };
    if (row.settled_at === null) return [{ ...asked, status: row.status }];
    const why = row.failure_reason ?? row.reference;
    const text = `The refund: ${refundWords[row.status]}${why ? ` (${why})` : ''}`;
    return [asked, { ...fact, at: row.settled_at, text, status: row.status }];
  });
  const disputed = disputes.flatMap((row): Fact[] => {
    const { amount_minor: amount, currency, gateway_id: gatewayId } = row;
    const fact = { kind: 'dispute' as const, amount, currency, gatewayId };
    const opened = {
      ...fact,
      at: row.opened_at,
      text: 'The customer’s bank has taken the payment back',
      status: 'open',
    };
    if (row.decided_at === null) return [opened];
    return [
      opened,
      { ...fact, at: row.decided_at, text: `The dispute is ${row.status}`, status: row.status },
    ];
  });
  return [...posted, ...refunded, ...disputed];
}

function commands({ commands: rows }: Stored, who: Who, clock: (wall: number) => number): Fact[] {
  return rows.flatMap((row): Fact[] => {
    const [kind, ...id] = row.actor.split(':');
    const person = by(who(id.join(':'), kind));
    if (row.kind === 'correct-email')
      return [{ kind: 'command', at: clock(row.requested_at), ...emailText(row), ...person }];
    const { resolution } = row.input as { resolution?: { action?: string } };
    const command = orderActions.find((action) => action === row.kind) as OrderAction;
    const asked = inWords(`${row.kind}${resolution?.action ? `: ${resolution.action}` : ''}`);
    const fact = { kind: 'command' as const, command, ...person };
    const wish: Fact = { ...fact, at: clock(row.requested_at), text: `Asked: ${asked}` };
    if (row.answered_at === null || row.outcome === null) return [wish];
    const text = `${capital(inWords(row.outcome))}: ${row.message ?? asked}`;
    return [wish, { ...fact, at: clock(row.answered_at), text, answer: row.outcome }];
  });
}

/** The addresses are personal, and not told. */
const emailText = ({ outcome }: Pick<Stored['commands'][number], 'outcome'>): Pick<Fact, 'text'> => ({
  text:
    outcome === 'corrected'
      ? 'The customer’s e-mail address was corrected'
      : 'The customer’s e-mail address was given again as it is',
});

function proposals({ proposals: rows }: Stored, who: Who, clock: (wall: number) => number): Fact[] {
  return rows.flatMap((row): Fact[] => {
    const text = `Proposed: ${inWords(row.action)}${row.reference ? ` (${row.reference})` : ''}`;
    const made: Fact = { kind: 'proposal', at: clock(row.proposed_at), text, ...by(who(row.proposed_by)) };
    if (row.decided_at === null || row.decided_by === null) return [made];
    const decided = `Decided about ${inWords(row.action)}: ${inWords(row.outcome ?? 'done')}`;
    return [made, { kind: 'proposal', at: clock(row.decided_at), text: decided, ...by(who(row.decided_by)) }];
  });
}

function delivery({ fulfillment, events }: Stored, clock: (wall: number) => number): Fact[] {
  const opened = fulfillment.map((row): Fact => {
    const reminded = row.reminders > 0 ? `; ${row.reminders} reminders of the pickup since` : '';
    const text = `Fulfillment order ${row.attempt} is made${reminded}`;
    const gatewayId = row.partner_id ? { gatewayId: row.partner_id } : {};
    return { kind: 'fulfillment_order', at: row.created_at, text, status: row.status, ...gatewayId };
  });
  const said = events.map((row): Fact => {
    const status = row.status ?? undefined;
    const detail = row.detail && row.detail !== status ? ` (${inWords(row.detail)})` : '';
    const scan = `The partner scanned: ${inWords(status ?? 'unknown')}${detail}`;
    const text = partnerTexts[row.type] ?? scan;
    return { kind: 'partner_event', at: clock(row.received_at), text, ...(status ? { status } : {}) };
  });
  return [...opened, ...said];
}

const undos = ({ undos: rows }: Stored): Fact[] =>
  rows.map((row) => {
    const tries = row.attempts > 1 ? `, after ${row.attempts} attempts` : '';
    const what = row.finished_at === null ? `is ${row.outcome}` : inWords(row.outcome);
    const text = `Undo of ${inWords(row.undoes)}: ${what}${row.detail ? `, ${row.detail}` : ''}${tries}`;
    return { kind: 'undo', at: row.finished_at ?? row.started_at, text, status: row.outcome };
  });

function calls({ calls: rows }: Stored, who: Who): Fact[] {
  return rows.flatMap((row): Fact[] => {
    const { text } = attentionReasons[row.reason];
    const raised: Fact = { kind: 'attention_raised', at: row.since, text, status: row.reason };
    if (row.resolved_at === null) return [raised];
    const resolved = `Resolved: ${inWords(row.resolution ?? 'done')} (${text})`;
    return [
      raised,
      {
        kind: 'attention_resolved',
        at: row.resolved_at,
        text: resolved,
        status: row.reason,
        ...by(row.resolved_by === null ? undefined : who(row.resolved_by)),
      },
    ];
  });
}

function notices({ notices: rows }: Stored, clock: (wall: number) => number): Fact[] {
  return rows.flatMap((row): Fact[] => {
    const what = noticeTexts[row.kind] ?? row.kind;
    const queued: Fact = {
      kind: 'notice_queued',
      at: clock(row.created_at),
      text: `Mail: ${what}`,
      status: row.kind,
    };
    if (row.sent_at === null) return [queued];
    return [queued, { ...queued, kind: 'notice_sent', at: clock(row.sent_at), text: `Mail sent: ${what}` }];
  });
}
