/** Every text in a value, with what hides in bytes and base64. */
export function textsOf(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (typeof value === 'string') return `${value}\n${Buffer.from(value, 'base64').toString('utf8')}`;
  if (Array.isArray(value)) return value.map(textsOf).join('\n');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, inner]) => `${key}\n${textsOf(inner)}`)
    .join('\n');
}
