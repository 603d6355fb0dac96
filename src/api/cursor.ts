import { HttpProblem } from './problems.js';

/** Where a list goes on: opaque to callers. `at`: epoch ms of what it is sorted by. */
export interface Cursor {
  at: number;
  id: string;
}

export const toCursor = (cursor: Cursor | null): string | null =>
  cursor && Buffer.from(`${cursor.at} ${cursor.id}`).toString('base64url');

export function fromCursor(text: string): Cursor {
  const [, ms = '', id = ''] = /^(-?\d{1,15}) (po_[0-9a-z]{18})$/.exec(decoded(text)) ?? [];
  if (id === '')
    throw new HttpProblem(400, 'invalid_request', 'after: must be the `next` of the page before.');
  return { at: Number(ms), id };
}

const decoded = (text: string): string => Buffer.from(text, 'base64url').toString('latin1');
