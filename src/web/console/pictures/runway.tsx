import { dayText, shortDayText, spanText } from '../ui/format.js';
import { placeLabels } from './labels.js';
import { useWidth } from './use-width.js';

const SIDE = 7;
const LINE = 12;

/** From today to the release and on to the deadline. All products share one scale (`until`), so that lengths compare. */
export function Runway({
  now,
  releaseAt,
  deadlineAt,
  until,
}: {
  now: number;
  releaseAt: number;
  deadlineAt: number;
  until: number;
}) {
  const [box, width] = useWidth<HTMLDivElement>();
  const span = Math.max(until - now, 1);
  const x = (at: number): number =>
    SIDE + (Math.min(Math.max(at - now, 0), span) / span) * (width - 2 * SIDE);
  const days = (at: number): string => (at >= now ? `in ${spanText(at - now)}` : `${spanText(now - at)} ago`);
  const labels = placeLabels(
    [
      { x: x(releaseAt), text: `Release ${shortDayText(releaseAt)}, ${days(releaseAt)}` },
      { x: x(deadlineAt), text: `Deadline ${shortDayText(deadlineAt)}, ${days(deadlineAt)}` },
    ],
    width,
  );
  const title = `Release ${dayText(releaseAt)}, ${days(releaseAt)}; deadline ${dayText(deadlineAt)}, ${days(deadlineAt)}`;
  return (
    <div ref={box} className="min-h-14">
      {width > 0 && (
        <svg role="img" aria-label={title} width={width} height={LINE + 46} className="life">
          <line x1={x(now)} x2={x(releaseAt)} y1={LINE} y2={LINE} className="runway-wait" />
          <line x1={x(releaseAt)} x2={x(deadlineAt)} y1={LINE} y2={LINE} className="runway-grace" />
          <circle cx={x(now)} cy={LINE} r="4.5" className="life-start" />
          <line x1={x(releaseAt)} x2={x(releaseAt)} y1={LINE - 9} y2={LINE + 9} className="life-release" />
          <line x1={x(deadlineAt)} x2={x(deadlineAt)} y1={LINE - 9} y2={LINE + 9} className="life-deadline" />
          {labels.map(({ x: at, text, anchor, row }, i) => (
            <text
              key={text}
              x={at}
              y={LINE + 24 + row * 17}
              textAnchor={anchor}
              className={`life-text ${i === 1 ? 'life-deadline-text' : ''}`}
            >
              {text}
            </text>
          ))}
        </svg>
      )}
    </div>
  );
}
