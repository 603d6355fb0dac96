import { testCodec } from './payload-keys.js';
import type { History } from './replay.js';

/** What a payload is on the wire. */
export interface Bytes {
  metadata?: Record<string, Uint8Array> | null;
  data?: Uint8Array | null;
}

/** Every payload in it, wherever it hides; search attributes, which stay clear to be searched, left out. */
export function payloadsOf(value: unknown): Bytes[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  if (Array.isArray(value)) return value.flatMap(payloadsOf);
  if ('metadata' in value && 'data' in value && value.data instanceof Uint8Array) return [value as Bytes];
  const fields = Object.entries(value).filter(([name]) => name !== 'searchAttributes');
  return fields.flatMap(([, inner]) => payloadsOf(inner));
}

/** What the payloads in it say to whoever holds the key. */
export async function decrypted(value: unknown): Promise<string[]> {
  const payloads = await testCodec.decode(payloadsOf(value));
  return payloads.map(({ data }) => Buffer.from(data ?? []).toString('utf8'));
}

/** The name of every field in it, however deep. */
export function fieldsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(fieldsOf);
  return Object.entries(value).flatMap(([name, inner]) => [name, ...fieldsOf(inner)]);
}

export const encodingOf = ({ metadata }: Bytes): string => Buffer.from(metadata?.encoding ?? []).toString();

interface Failure {
  message?: string | null;
  stackTrace?: string | null;
  cause?: Failure | null;
}

/** Every failure in a history, and their causes. */
export function failuresOf(history: History): Failure[] {
  const found: Failure[] = [];
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
    if ('stackTrace' in value) found.push(value as Failure);
    Object.values(value).forEach(look);
  };
  look(history);
  return found;
}
