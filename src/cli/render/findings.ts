import type { FindingText } from '../../contract/reconciliation.js';
import type { Look } from './order-page.js';
import { instant, wrap } from './text.js';

/** What does not fit, in words, and since when. */
export function findingBlock(found: FindingText, { paint, columns }: Look): string {
  const { kind, subject, text, detail, firstSeen, acknowledgedBy } = found;
  const since = `Since ${instant(firstSeen)}${acknowledgedBy ? `, acknowledged by ${acknowledgedBy}` : ''}.`;
  return [
    `${paint.red('!')} ${paint.bold(subject)}  ${kind}`,
    ...[`${text}.`, `${detail}.`, since]
      .flatMap((line) => wrap(line, columns - 2))
      .map((line) => `  ${line}`),
  ].join('\n');
}
