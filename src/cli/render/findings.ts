import type { FindingText } from '../../contract/reconciliation.js';
import type { Look } from './order-page.js';
import { instant, wrap } from './text.js';

/** What does not fit, in words, and since when. */
export function findingBlock(found: FindingText, { paint, columns }: Look): string {
  const { kind, subject, text, detail, firstSeen, dueAt, acknowledgedBy } = found;
  const state = acknowledgedBy ? `acknowledged by ${acknowledgedBy}` : `to be looked at by ${instant(dueAt)}`;
  const since = `Since ${instant(firstSeen)}, ${state}.`;
  return [
    `${paint.red('!')} ${paint.bold(subject)}  ${kind}`,
    ...[`${text}.`, `${detail}.`, since]
      .flatMap((line) => wrap(line, columns - 2))
      .map((line) => `  ${line}`),
  ].join('\n');
}
