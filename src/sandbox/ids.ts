import { randomUUID } from 'node:crypto';

/** A prefixed id as the partners hand them out, e.g. `pi_` + 24 hexadecimal characters. */
export function newId(prefix: string): string {
  return `${prefix}_${randomUUID().replaceAll('-', '').slice(0, 24)}`;
}

const anyId = /\b(?:pi|ch|re|shp|trk)_[0-9a-f]{24}\b/g;

/** Every id of ours that occurs in a text. */
export function idsIn(text: string): string[] {
  return text.match(anyId) ?? [];
}
