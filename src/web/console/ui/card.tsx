import { useId, type ReactNode } from 'react';

/** A titled part of a page. */
export function Card({
  title,
  aside,
  children,
  flush = false,
  as: Element = 'section',
}: {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
  /** For tables: they bring their own distances. */
  flush?: boolean;
  /** `article`: one of many alike, which would make too many landmarks. */
  as?: 'section' | 'article';
}) {
  const id = useId();
  return (
    <Element aria-labelledby={id} className="min-w-0 rounded-md border border-line bg-surface">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line px-3 py-2">
        <h2 id={id} className="min-w-0 flex-[1_1_8rem]">
          {title}
        </h2>
        {aside}
      </div>
      <div className={flush ? '' : 'p-3'}>{children}</div>
    </Element>
  );
}

/** Name and value pairs; what is not known is left out. */
export function Facts({ rows }: { rows: [name: string, value: ReactNode][] }) {
  return (
    <dl className="grid grid-cols-[minmax(6rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1.5">
      {rows
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

export const Code = ({ children }: { children: ReactNode }) => (
  <code className="font-mono text-[0.93em] break-all">{children}</code>
);

/** Of the window. */
export const Title = ({ children }: { children: string }) => <title>{`${children} · Pre-orders`}</title>;

/** Every page begins with one. */
export function PageHead({
  title,
  lead,
  children,
}: {
  title: string;
  lead?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <header className="mb-3 flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
      <div className="min-w-0">
        <Title>{title}</Title>
        <h1>{title}</h1>
        {lead && <p className="max-w-prose text-muted">{lead}</p>}
      </div>
      {children}
    </header>
  );
}
