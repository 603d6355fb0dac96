import { Agent, request, type IncomingHttpHeaders } from 'node:http';
import { expect } from 'vitest';
import { z } from 'zod';
import * as api from '../../../src/contract/api.js';
import { auditSchema } from '../../../src/contract/audit.js';
import { booksSchema } from '../../../src/contract/books.js';
import * as keys from '../../../src/contract/keys.js';
import * as console from '../../../src/contract/console.js';
import { codecSchema } from '../../../src/contract/codec.js';
import * as development from '../../../src/contract/development.js';
import { reconciliationSchema } from '../../../src/contract/reconciliation.js';
import { sessionSchema } from '../../../src/contract/session.js';

export interface Sent {
  method?: string;
  path: string;
  /** `null`: no Authorization header at all. */
  key?: string | null;
  headers?: Record<string, string>;
  /** An object is sent as JSON; text and bytes go as they are. */
  body?: unknown;
}

export interface Got {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  body: Record<string, never> & { code?: string; detail?: string; requestId?: string };
}

const strict = (schema: z.ZodObject): z.ZodType => z.strictObject(schema.shape);
const health = z.strictObject({ status: z.string(), checks: z.record(z.string(), z.string()).optional() });

/** What a reply that is not an error must look like. */
const replies: [method: string, path: RegExp, schema: z.ZodType][] = [
  ['GET', /^\/api\/products$/, strict(api.productListSchema)],
  ['POST', /^\/api\/products$/, strict(api.productViewSchema)],
  ['GET', /^\/api\/products\/figures$/, strict(console.figuresSchema)],
  ['GET', /^\/api\/needs-me$/, strict(console.needsMeSchema)],
  ['POST', /^\/api\/orders\/bulk$/, console.bulkAnswerSchema],
  ['GET', /^\/api\/orders\/[^/]+\/history$/, strict(console.historySchema)],
  ['GET', /^\/api\/orders\/[^/]+\/notices$/, strict(console.noticesSchema)],
  ['POST', /^\/api\/orders\/[^/]+\/send-link$/, strict(console.linkSentSchema)],
  ['POST', /^\/api\/orders\/[^/]+\/correct-email$/, strict(console.emailCorrectedSchema)],
  ['GET', /^\/api\/session$/, strict(sessionSchema)],
  ['POST', /^\/api\/session$/, strict(sessionSchema)],
  ['GET', /^\/api\/development\/mail$/, strict(development.mailListSchema)],
  ['GET', /^\/api\/development\/mail\/[^/]+$/, strict(development.mailSchema)],
  ['GET', /^\/api\/development\/faults$/, strict(development.faultListSchema)],
  ['POST', /^\/api\/development\/faults$/, strict(development.faultSchema)],
  ['GET', /^\/api\/products\/[^/]+$/, strict(api.productViewSchema)],
  ['PATCH', /^\/api\/products\/[^/]+$/, strict(api.productViewSchema)],
  ['POST', /^\/api\/orders$/, strict(api.placedOrderSchema)],
  ['GET', /^\/api\/orders$/, strict(api.orderListSchema)],
  ['GET', /^\/api\/orders\/[^/]+$/, strict(api.operatorOrderSchema)],
  ['GET', /^\/api\/orders\/[^/]+\/compensation-log$/, strict(api.compensationLogSchema)],
  ['GET', /^\/api\/orders\/[^/]+\/audit$/, strict(auditSchema)],
  ['POST', /^\/api\/orders\/[^/]+\/fast-forward$/, strict(api.orderViewSchema)],
  ['POST', /^\/api\/(orders|proposals)\/[^/]+\/[a-z-]+$/, strict(api.commandAnswerSchema)],
  ['GET', /^\/api\/attention$/, strict(api.attentionListSchema)],
  ['GET', /^\/api\/books$/, strict(booksSchema)],
  ['GET', /^\/api\/keys$/, strict(keys.keyListSchema)],
  ['POST', /^\/api\/keys$/, strict(keys.madeKeySchema)],
  ['POST', /^\/api\/keys\/[^/]+\/revoke$/, strict(keys.keyViewSchema)],
  ['POST', /^\/api\/sign-in-links$/, strict(api.signInLinkSchema)],
  ['POST', /^\/codec\/(decode|encode)$/, strict(codecSchema)],
  ['GET', /^\/api\/reconciliation$/, strict(reconciliationSchema)],
  ['POST', /^\/api\/reconciliation\/(run|acknowledge)$/, strict(reconciliationSchema)],
  ['GET', /^\/health\/(live|ready)$/, health],
];

/** Words that only our insides use: a stack, a file, SQL, the names of our libraries. */
const internals =
  /\n\s+at |node_modules|\/src\/|\.[cm]?[jt]s:\d|\b(select|insert into|update \w+ set)\b|fst_err|econn|pglite|postgres|kysely|\bzod|grpc|sqlstate/i;

export function assertProblem(got: Got): void {
  expect(got.headers['content-type'], got.text).toMatch(/^application\/problem\+json/);
  const problem = z.strictObject(api.problemSchema.shape).parse(JSON.parse(got.text));
  expect(problem.status).toBe(got.status);
  expect(problem.type).toBe(`/problems/${problem.code}`);
  expect(problem.code).toMatch(/^[a-z_]{3,40}$/);
  expect(problem.title).not.toBe('Error');
  expect(problem.detail.length).toBeGreaterThan(10);
  expect(problem.requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(got.headers['x-request-id']).toBe(problem.requestId);
  expect(got.text).not.toMatch(internals);
}

/** The customer's pages answer people. */
const isPage = (path: string): boolean => /^\/(shop|order)(\/|$)/.test(path);

function assertErrorPage(got: Got): void {
  expect(got.headers['content-type'], got.text).toBe('text/html; charset=utf-8');
  expect(got.text).toMatch(/^<!doctype html>/);
  expect(got.text.replace(/<[^>]*>/g, ' ')).not.toMatch(internals);
}

/** Every reply that any test meets goes through here. */
export function assertReply(sent: Sent, got: Got): void {
  const { method = 'GET' } = sent;
  const path = sent.path.split('?')[0] ?? '';
  expect(got.headers['x-content-type-options']).toBe('nosniff');
  const kept = /^\/(console|shop)\/assets\//.test(path) && got.status === 200;
  expect(got.headers['cache-control']).toBe(kept ? 'public, max-age=31536000, immutable' : 'no-store');
  if (method === 'HEAD') return;
  const ready = path === '/health/ready' && got.status === 503;
  if (got.status >= 400 && !ready) return isPage(path) ? assertErrorPage(got) : assertProblem(got);
  const schema = replies.find(([m, pattern]) => m === method && pattern.test(path))?.[2];
  if (got.status === 204) expect(got.text).toBe('');
  else if (/^text\/(html|event-stream)/.test(got.headers['content-type'] ?? '')) return;
  else if (/^\/(api|health|codec)/.test(path)) {
    expect(schema, `a schema for ${method} ${path}`).toBeDefined();
    schema?.parse(JSON.parse(got.text));
  }
}

export interface Http {
  send(sent: Sent): Promise<Got>;
  close(): void;
}

/** Real HTTP, without what fetch would mend: odd paths, methods, bytes. `key` is sent unless a request says otherwise. */
export function createHttp(url: string, key: string): Http {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const { hostname, port } = new URL(url);

  function exchange(sent: Sent): Promise<Got> {
    const { method = 'GET', path, body } = sent;
    const bytes =
      body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const authorization = sent.key === null ? {} : { authorization: `Bearer ${sent.key ?? key}` };
    const type = bytes === undefined ? {} : { 'content-type': 'application/json' };
    const length = bytes === undefined ? {} : { 'content-length': String(Buffer.byteLength(bytes)) };
    const headers = { ...authorization, ...type, ...length, ...sent.headers };
    return new Promise((resolve, reject) => {
      const call = request({ agent, hostname, port, method, path, headers }, (reply) => {
        const chunks: Buffer[] = [];
        reply.on('data', (chunk: Buffer) => chunks.push(chunk));
        reply.on('error', reject);
        // It has no end of its own.
        if (reply.headers['content-type'] === 'text/event-stream') {
          const { statusCode: status = 0, headers } = reply;
          reply.removeListener('error', reject).on('error', () => undefined);
          call.destroy();
          return resolve({ status, headers, text: '', body: {} });
        }
        reply.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const json = /json/.test(reply.headers['content-type'] ?? '') && text !== '';
          const parsed = (json ? JSON.parse(text) : undefined) as Got['body'];
          resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text, body: parsed });
        });
      });
      call.on('error', reject);
      call.end(bytes);
    });
  }

  return {
    send: async (sent) => {
      const got = await exchange(sent);
      assertReply(sent, got);
      return got;
    },
    close: () => agent.destroy(),
  };
}
