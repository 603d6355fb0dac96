import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';

/** A customer's browser without JavaScript: keeps cookies by their path, sends forms from our own origin, follows nothing by itself. */
export interface Page {
  status: number;
  headers: Headers;
  html: string;
  /** What is read: no tags, one space between words. */
  text: string;
  title: string;
  /** What its form sends beside what is typed. */
  hidden: Record<string, string>;
  /** The hidden key of its form. */
  key: string;
}

export interface Visitor {
  get(path: string): Promise<Page>;
  post(path: string, form: Record<string, string>, headers?: Record<string, string>): Promise<Page>;
  cookies: { name: string; value: string; path: string }[];
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'", nbsp: ' ' };
const unescaped = (html: string): string =>
  html.replace(/&([a-z]+|#x27);/g, (all, name: string) => entities[name] ?? all);
const plain = (html: string): string =>
  unescaped(html.replace(/<[^>]*>/g, ' '))
    .replace(/[\s\u00a0]+/g, ' ')
    // A tag's end is no space before a full stop.
    .replace(/ ([.,:;?])/g, '$1')
    .trim();

export function createVisitor(url: string): Visitor {
  const cookies: Visitor['cookies'] = [];

  async function ask(path: string, init: RequestInit): Promise<Page> {
    const sent = cookies.filter((each) => path.startsWith(each.path)).map((c) => `${c.name}=${c.value}`);
    const headers = { ...(init.headers as object), ...(sent.length > 0 ? { cookie: sent.join('; ') } : {}) };
    const reply = await fetch(url + path, { ...init, headers, redirect: 'manual' });
    for (const line of reply.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.push({ name, value, path: /Path=([^;]+)/.exec(line)?.[1] ?? '/' });
    }
    const html = await reply.text();
    const title = plain(/<title>(.*?)<\/title>/s.exec(html)?.[1] ?? '');
    const inputs = html.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g);
    const hidden = Object.fromEntries(
      [...inputs].map(([, name = '', value = '']) => [name, unescaped(value)]),
    );
    const main = /<main.*<\/main>/s.exec(html)?.[0] ?? html;
    return {
      status: reply.status,
      headers: reply.headers,
      html,
      text: plain(main),
      title,
      hidden,
      key: hidden.key ?? '',
    };
  }

  return {
    cookies,
    get: (path) => ask(path, {}),
    post: (path, form, headers = { origin: url }) =>
      ask(path, { method: 'POST', body: new URLSearchParams(form), headers }),
  };
}

/** The form of a product's page, filled in. */
export const typed = (key: string, more: Record<string, string> = {}): Record<string, string> => ({
  key,
  quantity: '1',
  name: 'Ada Lovelace',
  email: `${randomUUID()}@example.com`,
  street: '1 Main St',
  city: 'Springfield',
  zip: '12345',
  country: 'US',
  paymentMethod: 'pm_card_visa',
  ...more,
});

/** The order that a form has led to. */
export const idIn = ({ headers }: Page): string => headers.get('location')?.split('/').at(-1) ?? '';

/** Orders by the form. The visitor then holds the order's cookie. */
export async function order(by: Visitor, of: string, more: Record<string, string> = {}): Promise<string> {
  const { key } = await by.get(`/shop/${of}`);
  const reply = await by.post(`/shop/${of}`, typed(key, more));
  expect(reply.status, reply.text).toBe(303);
  return idIn(reply);
}
