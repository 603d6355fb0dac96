import type { OperatorOrder } from '../../../../contract/api.js';
import type { History, Person } from '../../../../contract/console.js';
import { isFinal } from '../../../../domain/lifecycle.js';
import { deadlineStands, deadlineWords } from '../../../../domain/words.js';
import type { Tone } from '../../ui/badge.js';
import { Code } from '../../ui/card.js';
import { words } from '../../ui/format.js';
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
  return (
    <ol className="facts" aria-label="What happened, and what is to come">
      {facts.map((fact, i) => (
        <li
          key={i}
          data-tone={tones[fact.kind]}
          data-before-future={i === facts.length - 1 && ahead.length > 0 ? true : undefined}
        >
          <FactLine fact={fact} />
        </li>
      ))}
      {ahead.map(({ name, at, text }) => (
        <li key={name} data-future>
          <p>
            {name} <Ago at={at} clock={order.now} />
          </p>
          <p className="text-muted">
            <Instant at={at} />. {text}
          </p>
        </li>
      ))}
    </ol>
  );
}

function FactLine({ fact }: { fact: Fact }) {
  const { text, at, amountText, currency, gatewayId, by, answer } = fact;
  return (
    <>
      <p>
        {text}
        {amountText !== undefined && (
          <strong className="ml-1.5 tabular-nums">
            {amountText} {currency}
          </strong>
        )}
      </p>
      <p className="flex flex-wrap gap-x-2.5 text-muted">
        <Instant at={at} />
        {by && <span>by {nameOf(by)}</span>}
        {answer !== undefined && <span>{words(answer)}</span>}
        {gatewayId !== undefined && <Code>{gatewayId}</Code>}
      </p>
    </>
  );
}

export const nameOf = ({ name, kind, id }: Person): string => {
  if (name !== null) return `${name} (${kind})`;
  return id === kind || kind === 'system' ? `the ${kind}` : `the ${kind} ${id}`;
};

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
