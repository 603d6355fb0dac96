import { describe, expect, it } from 'vitest';
import type { NoticeFacts, NoticeKind } from '../db/outbox.js';
import { writeNotice } from './notices.js';

const facts: NoticeFacts = {
  orderId: 'po_1',
  name: 'Ada Lovelace',
  product: 'Aurora Phone',
  quantity: 2,
  amountMinor: 139_800,
  currency: 'USD',
  releaseAt: Date.parse('2027-02-26T09:30:00Z'),
  deadlineAt: Date.parse('2027-03-05T09:30:00Z'),
  partnerSilenceMs: 48 * 3_600_000,
  trackingCode: 'EZ7362641839',
  deliveredAt: Date.parse('2027-03-08T12:00:00Z'),
  refundMinor: 139_800,
  refundAt: Date.parse('2026-11-27T10:00:00Z'),
  returnedMinor: null,
  disputedMinor: 0,
  detail: { reason: 'deadline', amountMinor: 139_800, at: Date.parse('2026-11-27T10:00:00Z') },
};
const link = { page: 'https://shop.example/order/po_1', code: 'pot_code' };
const mail = (kind: NoticeKind, more: Partial<NoticeFacts> = {}): string =>
  writeNotice(kind, { ...facts, ...more }, link).text;

/** What each mail must tell, in the words of the order's page. */
const tells: Record<NoticeKind, string[]> = {
  order_confirmed: [
    '$1,398.00 USD',
    'February 26, 2027, 09:30 UTC',
    'March 5, 2027, 09:30 UTC',
    'the full price back',
    'cancel at any time',
  ],
  payment_declined: ['$1,398.00 USD', 'Your bank declined', 'Nothing was charged', 'with another card'],
  order_cancelled: [
    'could not ship by the day we promised',
    '$1,398.00 USD back',
    'by about December 11, 2026',
  ],
  cancel_pending: ['asked them to stop it', '48 hours', '$1,398.00 USD back', 'within 14 days of delivery'],
  cancel_refused: ['could not stop', 'within 14 days of delivery', '$1,398.00 USD back'],
  in_transit: ['on its way', 'EZ7362641839'],
  delivered: ['was delivered', 'until March 22, 2027'],
  delivery_exception: ['A person is looking into it', 'you get $1,398.00 USD back'],
  refund_paid: ['$1,398.00 USD was sent to the card you paid with', 'by about December 11, 2026'],
  refund_settled: ['your refund of $1,398.00 USD', 'in another way'],
  link_again: ['You asked for the link', 'nobody but you'],
  refund_failed: ['$1,398.00 USD was returned by your bank', 'is not lost'],
};

describe('mails to the customer', () => {
  it.each(Object.entries(tells))('%s says what the page says, and leads to it', (kind, said) => {
    const text = mail(kind as NoticeKind);
    for (const each of [...said, '2 × Aurora Phone'].slice(0, said.length + (/^refund/.test(kind) ? 0 : 1)))
      expect(text).toContain(each);
    expect(text).toContain(`${link.page}#${link.code}`);
    expect(text).not.toMatch(/undefined|null|NaN|Invalid/);
  });

  it('the refund is the exact sum, and never one that came back', () => {
    expect(mail('order_cancelled', { refundMinor: 99_900 })).toContain('$999.00 USD back');
    const returned = mail('order_cancelled', { refundMinor: null, refundAt: null, returnedMinor: 50_000 });
    expect(returned).toContain('Your refund of $500.00 USD was returned by your bank');
    expect(mail('refund_failed', { returnedMinor: 50_000 })).toContain('$500.00 USD was returned');
  });

  it.each(['cancel_pending', 'cancel_refused', 'delivery_exception'] as const)(
    '%s promises what the customer’s bank has not taken back already',
    (kind) => {
      const part = mail(kind, { disputedMinor: 39_800 });
      expect(part).toContain('you get $1,000.00 USD back; your bank has taken back the rest');
      expect(part).not.toContain('$1,398.00');
      const all = mail(kind, { disputedMinor: 139_800 });
      expect(all).toContain('there is nothing more to pay back');
      expect(all).not.toContain('$');
    },
  );

  it('promises no money where none was taken, and no link that opens nothing', () => {
    const text = mail('order_cancelled', { refundMinor: null, refundAt: null });
    expect(text).toContain('Nothing is left to pay back');
    expect(writeNotice('delivered', facts, undefined).text).not.toContain('#');
    expect(writeNotice('link_again', facts, undefined).text).toContain('cannot be made any more');
  });
});
