import type { OperatorOrder } from '../../../../contract/api.js';
import type { History, Person } from '../../../../contract/console.js';
import { isFinal } from '../../../../domain/lifecycle.js';
import { deadlineStands, deadlineWords } from '../../../../domain/words.js';
import type { Tone } from '../../ui/badge.js';
import { Code } from '../../ui/card.js';
import { Ago, Instant } from '../../ui/time.js';

type Fact = History['facts'][number];

const tones: Partial<Record<Fact['kind'], Tone>> = {
  status: 'info',
  charged: 'good',
  earned: 'good',
  refund: 'info',
  dispute: 'bad',
  attention_raised: 'bad',
  attention_resolved: 'good',
};

/** The picture's life, word for word: oldest first, and below what is still to come. */
export function HistoryList({ order, facts }: { order: OperatorOrder; facts: Fact[] }) {
  const ahead = comingOf(order);
  const shown = withoutSentQueue(facts);
  return (
    <ol className="facts" aria-label="What happened, and what is to come">
      {shown.map((fact, i) => (
        <li
          key={i}
          data-tone={tones[fact.kind]}
          data-before-future={i === shown.length - 1 && ahead.length > 0 ? true : undefined}
        >
          <FactLine fact={fact} />
        </li>
      ))}
      {ahead.map(({ name, at, text }) => (
        <li key={name} data-future>
          <div className="flex flex-wrap items-baseline justify-between gap-x-4">
            <p className="font-medium">
              {name} <Ago at={at} clock={order.now} />
            </p>
            <Instant at={at} className="text-muted tabular-nums" />
          </div>
          <p className="text-muted">{text}</p>
        </li>
      ))}
    </ol>
  );
}

function FactLine({ fact }: { fact: Fact }) {
  const { text, at, amountText, currency, gatewayId, by } = fact;
  return (
    <div className="flex flex-wrap items-baseline justify-between gap-x-4">
      <div className="min-w-0 flex-1 basis-64">
        <p>
          {text}
          {amountText !== undefined && (
            <strong className="ml-1.5 tabular-nums">
              {amountText} {currency}
            </strong>
          )}
        </p>
        {(by ?? gatewayId) !== undefined && (
          <p className="flex flex-wrap gap-x-2.5 text-muted">
            {by && <span>by {nameOf(by)}</span>}
            {gatewayId !== undefined && <Code>{gatewayId}</Code>}
          </p>
        )}
      </div>
      <Instant at={at} className="text-muted tabular-nums" />
    </div>
  );
}

/** A customer's id is a hash that tells nobody anything. */
export const nameOf = ({ name, kind, id }: Person): string => {
  if (name !== null) return `${name} (${kind})`;
  return id === kind || kind === 'system' || kind === 'customer' ? `the ${kind}` : `the ${kind} ${id}`;
};

/** A mail that was sent was queued before, which is news only while it is not sent. */
export function withoutSentQueue(facts: Fact[]): Fact[] {
  const sent = new Map<string | undefined, number>();
  for (const { kind, status } of facts)
    if (kind === 'notice_sent') sent.set(status, (sent.get(status) ?? 0) + 1);
  return facts.filter(({ kind, status }) => {
    const left = sent.get(status) ?? 0;
    if (kind !== 'notice_queued' || left === 0) return true;
    sent.set(status, left - 1);
    return false;
  });
}

interface Coming {
  name: string;
  at: string;
  text: string;
}

function comingOf(order: OperatorOrder): Coming[] {
  if (isFinal(order.status)) return [];
  const all: Coming[] = [
    { name: 'Release', at: order.releaseDate, text: 'From then on the item can be shipped.' },
    { name: 'Deadline', at: order.deadline, text: deadlineWords(order.status) },
  ];
  return deadlineStands(order.status) ? all.filter(({ at }) => Date.parse(at) > Date.parse(order.now)) : [];
}
