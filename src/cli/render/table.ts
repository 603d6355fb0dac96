import { visibleLength } from './text.js';

export interface Column<T> {
  head: string;
  value: (row: T) => string;
  align?: 'left' | 'right';
  /** Gives way when the terminal is narrow: shortened with an ellipsis, down to this width. */
  shrinkTo?: number;
  /** Left out when the terminal is narrower still; the highest number goes first. */
  dropFirst?: number;
}

const GAP = 2;

/** A table without lines that fits into `width`. */
export async function table<T>(
  columns: Column<T>[],
  rows: T[],
  width: number,
  dim: (text: string) => string,
): Promise<string> {
  const { default: Table } = await import('cli-table3');
  const fitted = fit(
    columns.map((column) => ({ column, width: naturalWidth(column, rows) })),
    width,
  );
  const printed = new Table({
    head: fitted.map(({ column }) => dim(column.head)),
    colWidths: fitted.map((each) => each.width + GAP),
    colAligns: fitted.map(({ column }) => column.align ?? 'left'),
    chars: noLines,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP, compact: true },
  });
  printed.push(...rows.map((row) => fitted.map(({ column }) => column.value(row))));
  return printed
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

interface Sized<T> {
  column: Column<T>;
  width: number;
}

function naturalWidth<T>(column: Column<T>, rows: T[]): number {
  return rows.reduce((most, row) => Math.max(most, visibleLength(column.value(row))), column.head.length);
}

function fit<T>(sized: Sized<T>[], width: number): Sized<T>[] {
  const total = sized.reduce((sum, each) => sum + each.width + GAP, -GAP);
  const over = total - width;
  if (over <= 0) return sized;
  const soft = sized.find(({ column, width: w }) => column.shrinkTo !== undefined && w > column.shrinkTo);
  const give = soft ? Math.min(over, soft.width - (soft.column.shrinkTo ?? 0)) : 0;
  if (soft && give === over) return sized.map((s) => (s === soft ? { ...s, width: s.width - give } : s));
  const order = sized.map(({ column }) => column.dropFirst ?? 0);
  const first = Math.max(...order);
  if (first === 0) return sized;
  return fit(
    sized.filter((_, i) => i !== order.indexOf(first)),
    width,
  );
}

const noLines = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
  ].map((name) => [name, '']),
);
