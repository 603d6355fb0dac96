import { useWidth } from './use-width.js';

export interface Part {
  name: string;
  value: number;
  /** For people: with unit or currency. */
  text: string;
  look: 'good' | 'info' | 'wait' | 'bad' | 'still' | 'rest';
}

const HEIGHT = 12;
const LEAST = 3;

/** Parts of one whole, to scale, and below what each of them is. A part that is not nothing is never invisible. */
export function Bar({ label, parts }: { label: string; parts: Part[] }) {
  const [box, width] = useWidth<HTMLDivElement>();
  const whole = parts.reduce((sum, { value }) => sum + value, 0);
  const widths = parts.map(({ value }) => (value > 0 ? Math.max((value / whole) * width, LEAST) : 0));
  const tooWide = widths.reduce((sum, each) => sum + each, 0) / (width || 1);
  return (
    <div ref={box}>
      <svg
        role="img"
        aria-label={`${label}: ${inWords(parts)}`}
        width={width}
        height={HEIGHT}
        className="rounded-sm"
      >
        <rect width={width} height={HEIGHT} className="bar-rest" />
        {whole > 0 &&
          parts.map(({ name, look }, i) => {
            const x = widths.slice(0, i).reduce((sum, each) => sum + each, 0) / tooWide;
            return (
              <rect
                key={name}
                x={x}
                width={(widths[i] ?? 0) / tooWide}
                height={HEIGHT}
                className={`bar-${look}`}
              />
            );
          })}
      </svg>
      <ul className="mt-1.5 flex flex-wrap gap-x-4 gap-y-0.5">
        {parts.map(({ name, value, text, look }) => (
          <li key={name} className="flex items-baseline gap-1.5">
            <svg width="9" height="9" aria-hidden className="shrink-0">
              <rect
                width="9"
                height="9"
                rx="2"
                className={`bar-${look} ${look === 'rest' ? 'bar-outlined' : ''}`}
              />
            </svg>
            <span className="text-muted">{name}</span>
            <span className={`tabular-nums ${value === 0 ? 'text-muted' : 'font-medium'}`}>{text}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

const inWords = (parts: Part[]): string => parts.map(({ name, text }) => `${name} ${text}`).join(', ');
