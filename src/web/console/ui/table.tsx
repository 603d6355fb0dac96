import type { ReactNode } from 'react';

/** Columns in the order they are shown; a number at the right has `number`. Roles stay where CSS makes cards of rows. */
export function Table({
  label,
  head,
  children,
  className = '',
}: {
  label: string;
  head: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <table role="table" aria-label={label} className={`table ${className}`}>
      <thead role="rowgroup">
        <tr role="row">{head}</tr>
      </thead>
      <tbody role="rowgroup">{children}</tbody>
    </table>
  );
}

export function Th({
  children,
  number = false,
  sort,
}: {
  children?: ReactNode;
  number?: boolean;
  sort?: 'ascending' | 'descending' | undefined;
}) {
  return (
    <th role="columnheader" scope="col" aria-sort={sort} className={number ? 'number' : undefined}>
      {children ?? <span className="sr-only">Actions</span>}
    </th>
  );
}

export const Tr = ({ children }: { children: ReactNode }) => <tr role="row">{children}</tr>;

/** `label`: the column's name, shown beside the value where rows are cards; empty for what speaks for itself. */
export function Td({
  label,
  number = false,
  className,
  children,
}: {
  label: string;
  number?: boolean;
  /** `flexible` columns share the room that is left, and cut what is too long; `nowrap` ones take what they need. */
  className?: 'flexible' | 'nowrap';
  children: ReactNode;
}) {
  return (
    <td role="cell" data-label={label} className={number ? 'number' : className}>
      <div className="min-w-0">{children}</div>
    </td>
  );
}
