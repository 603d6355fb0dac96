import { simpleParser, type ParsedMail } from 'mailparser';
import { newId } from '../ids.js';
import type { Store } from '../store.js';

export interface StoredMail {
  id: string;
  to: string[];
  /** Byte for byte, as latin1 text: read seldom, so parsed only then. */
  raw: string;
  receivedAt: string;
}

export type Mailbox = ReturnType<typeof createMailbox>;

export function createMailbox(store: Store) {
  const mails = store.collection<StoredMail>('mails');
  const views = new WeakMap<StoredMail, Promise<ReturnType<typeof view>>>();

  function viewOf(mail: StoredMail) {
    const known = views.get(mail) ?? simpleParser(Buffer.from(mail.raw, 'latin1')).then((m) => view(mail, m));
    views.set(mail, known);
    return known;
  }

  return {
    add(to: string[], raw: Buffer): void {
      const mail = {
        id: newId('mail'),
        to,
        raw: raw.toString('latin1'),
        receivedAt: new Date().toISOString(),
      };
      mails.put(mail.id, mail);
    },
    async list(filter: { to?: string; orderId?: string }) {
      const { to, orderId } = filter;
      // The raw text is asked first: parsing every mail of a load test would take minutes.
      const candidates = [...mails.values()].filter(
        (mail) => (!to || mail.to.includes(to)) && (!orderId || mail.raw.includes(orderId)),
      );
      const found = await Promise.all(candidates.map(viewOf));
      return orderId ? found.filter((mail) => mail.orderId === orderId) : found;
    },
  };
}

function view(mail: StoredMail, parsed: ParsedMail) {
  return {
    id: mail.id,
    to: mail.to,
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    html: parsed.html || null,
    orderId: header(parsed, 'x-order-id'),
    dedupId: header(parsed, 'x-dedup-id') ?? parsed.messageId?.replace(/^<|>$/g, '') ?? null,
    receivedAt: mail.receivedAt,
  };
}

function header(parsed: ParsedMail, name: string): string | null {
  const value = parsed.headers.get(name);
  return typeof value === 'string' ? value : null;
}
