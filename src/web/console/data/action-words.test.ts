import { expect, it } from 'vitest';
import { attentionReasons, type AttentionReason } from '../../../domain/attention.js';
import { wordsOf } from './action-words.js';

const reasons = (Object.keys(attentionReasons) as AttentionReason[]).filter((reason) =>
  (attentionReasons[reason].actions as readonly string[]).includes('cancel'),
);

it.each(reasons)('promises money only where it will come: a cancel decided for %s', (reason) => {
  const { effect } = wordsOf('cancel', reason);
  const mayRefuse = ['partner_silent', 'pickup_overdue', 'ship_by_missed'].includes(reason);
  expect(effect.includes('if not, the item ships and nothing is refunded')).toBe(mayRefuse);
  expect(effect.includes('may still be sent')).toBe(reason === 'cancel_unanswered');
});
