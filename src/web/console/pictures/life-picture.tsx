import type { OperatorOrder } from '../../../contract/api.js';
import type { History } from '../../../contract/console.js';
import type { OrderStatus } from '../../../domain/lifecycle.js';
import { dayText, shortDayText, shortSpanText, words } from '../ui/format.js';
import { placeLabels, type PlacedLabel } from './labels.js';
import { lifeOf, type Life } from './life.js';
import { useWidth } from './use-width.js';

const ROW = 17;
const SIDE = 8;

const looks: Record<OrderStatus, string> = {
  payment_pending: 'life-wait',
  reserving: 'life-wait',
  awaiting_release: 'life-info',
  fulfillment_requested: 'life-wait',
  awaiting_pickup: 'life-wait',
  cancellation_requested: 'life-bad',
  in_transit: 'life-good',
  delivery_exception: 'life-bad',
  returning: 'life-bad',
  cancelling: 'life-bad',
  completed: 'life-good',
  cancelled: 'life-still',
  rejected: 'life-still',
};

/** From placing to the deadline or the end, to scale: what has been is solid, what may come is dashed. */
export function LifePicture({ order, facts }: { order: OperatorOrder; facts: History['facts'] }) {
  const [box, width] = useWidth<HTMLDivElement>();
  const life = lifeOf(order, facts);
  return (
    <div ref={box} className="min-h-32">
      {width > 0 && <Drawing life={life} width={width} title={inWords(order, life)} />}
      <Legend life={life} />
    </div>
  );
}

function Drawing({ life, width, title }: { life: Life; width: number; title: string }) {
  const span = Math.max(life.to - life.from, 1);
  const x = (at: number): number => SIDE + ((at - life.from) / span) * (width - 2 * SIDE);
  const above = placeLabels(
    [
      { x: x(life.releaseAt), text: `Release ${shortDayText(life.releaseAt)}` },
      { x: x(life.deadlineAt), text: `Deadline ${shortDayText(life.deadlineAt)}` },
    ],
    width,
  );
  const endAt = life.endedAt;
  const below = placeLabels(
    [
      { x: x(life.from), text: `Placed ${shortDayText(life.from)}` },
      ...(endAt === undefined
        ? [{ x: x(life.now), text: `Today ${shortDayText(life.now)}` }]
        : [{ x: x(endAt), text: `Ended ${shortDayText(endAt)}` }]),
    ],
    width,
  );
  const line = rowsOf(above) * ROW + 20;
  const height = line + 16 + rowsOf(below) * ROW;
  const isOver = endAt !== undefined;
  return (
    <svg role="img" aria-label={title} width={width} height={height} className="life">
      <line
        x1={x(endAt ?? life.now)}
        x2={x(life.to)}
        y1={line}
        y2={line}
        className={isOver ? 'life-not-to-be' : 'life-future'}
      />
      {life.stretches.map(({ status, from, to }) => (
        <line
          key={`${status} ${from}`}
          x1={x(from)}
          x2={Math.max(x(to), x(from) + 2)}
          y1={line}
          y2={line}
          className={`life-past ${looks[status]}`}
        >
          <title>{words(status)}</title>
        </line>
      ))}
      {life.dots.map(({ at, isTrouble }, i) => (
        <circle
          key={i}
          cx={x(at)}
          cy={line}
          r={isTrouble ? 5 : 3.5}
          className={isTrouble ? 'life-trouble' : 'life-dot'}
        />
      ))}
      <Flag x={x(life.releaseAt)} line={line} look="life-release" />
      <Flag x={x(life.deadlineAt)} line={line} look="life-deadline" />
      {above.map((label, i) => (
        <Text
          key={label.text}
          label={label}
          y={line - 18 - label.row * ROW}
          look={i === 1 ? 'life-deadline-text' : ''}
        />
      ))}
      <circle cx={x(life.from)} cy={line} r="5" className="life-start" />
      <Today x={x(endAt ?? life.now)} line={line} isOver={isOver} />
      {below.map((label, i) => (
        <Text
          key={label.text}
          label={label}
          y={line + 27 + label.row * ROW}
          look={i === 1 ? 'life-today-text' : ''}
        />
      ))}
    </svg>
  );
}

const rowsOf = (labels: PlacedLabel[]): number => Math.max(...labels.map(({ row }) => row)) + 1;

/** What each stretch is, and how long it took: months and minutes do not show in one picture. */
const Legend = ({ life }: { life: Life }) => (
  <ul aria-label="How long in each status" className="mt-2 flex flex-wrap gap-x-4 gap-y-0.5">
    {life.stretches.map(({ status, from, to }) => (
      <li key={`${status} ${from}`} className="flex items-center gap-1.5">
        <svg width="14" height="7" aria-hidden className="shrink-0">
          <line x1="0" x2="14" y1="3.5" y2="3.5" className={`life-past ${looks[status]}`} />
        </svg>
        {words(status)}
        <span className="text-muted tabular-nums">{shortSpanText(to - from)}</span>
      </li>
    ))}
  </ul>
);

const Flag = ({ x, line, look }: { x: number; line: number; look: string }) => (
  <line x1={x} x2={x} y1={line - 14} y2={line + 9} className={look} />
);

const Today = ({ x, line, isOver }: { x: number; line: number; isOver: boolean }) =>
  isOver ? (
    <rect x={x - 5} y={line - 5} width="10" height="10" className="life-end" />
  ) : (
    <path d={`M${x} ${line - 9}V${line + 14}M${x - 5} ${line + 14}h10`} className="life-today" />
  );

const Text = ({ label, y, look }: { label: PlacedLabel; y: number; look: string }) => (
  <text x={label.x} y={y} textAnchor={label.anchor} className={`life-text ${look}`}>
    {label.text}
  </text>
);

function inWords({ status }: OperatorOrder, life: Life): string {
  const end =
    life.endedAt === undefined
      ? `today, ${dayText(life.now)}, it is ${words(status)}`
      : `${words(status)} ${dayText(life.endedAt)}`;
  return `Placed ${dayText(life.from)}; release ${dayText(life.releaseAt)}; deadline ${dayText(life.deadlineAt)}; ${end}.`;
}
