import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  faultListSchema,
  faultSchema,
  mailListSchema,
  mailSchema,
  newFaultSchema,
} from '../../contract/development.js';
import type { ApiDeps } from '../deps.js';
import { notFound } from '../problems.js';
import { createSandboxClient } from '../sandbox-client.js';

const params = z.strictObject({ id: z.string().regex(/^[\w-]{1,60}$/) });
const mailQuery = z.strictObject({
  orderId: z.string().max(40).optional(),
  to: z.string().max(200).optional(),
});
/** It shows, and does nothing: no script, no form, no address outside of it. */
const mailPolicy =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

/** Of a mail that is text alone: as a mail program shows it. */
const plainLook =
  'pre { margin: 1em; font: 15px/1.5 system-ui, sans-serif; white-space: pre-wrap; overflow-wrap: anywhere }';

/** Development only: the mail that was sent, and the partners' faults, through the API of the console. */
export function sandboxRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  const sandbox = createSandboxClient(deps.sandboxUrl);
  const described = (summary: string) => ({ summary, tags: ['development'] });
  const done = { 204: z.null().describe('Done') };

  async function mails(query: z.output<typeof mailQuery> = {}) {
    const given = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, value);
    const all = await sandbox.ask(z.array(mailSchema), 'GET', `/mail?${given.toString()}`);
    return all.reverse();
  }

  async function mail(id: string) {
    const found = (await mails()).find((each) => each.id === id);
    if (!found) throw notFound('The mail');
    return found;
  }

  return async (app) => {
    app.get(
      '/development/mail',
      {
        config: { action: 'sandbox' },
        schema: {
          ...described('Mail that was sent'),
          querystring: mailQuery,
          response: { 200: mailListSchema },
        },
      },
      async (request) => ({ mails: await mails(request.query) }),
    );

    app.get(
      '/development/mail/:id',
      {
        config: { action: 'sandbox' },
        schema: { ...described('One mail'), params, response: { 200: mailSchema } },
      },
      async (request) => mail(request.params.id),
    );

    app.get(
      '/development/mail/:id/html',
      {
        config: { action: 'sandbox' },
        schema: {
          ...described('One mail as its reader sees it, for a frame'),
          params,
          response: { 200: z.string().describe('text/html') },
        },
      },
      async (request, reply) => {
        const { html, text } = await mail(request.params.id);
        void reply.type('text/html; charset=utf-8');
        void reply.headers({ 'content-security-policy': mailPolicy, 'x-frame-options': 'SAMEORIGIN' });
        return html ?? `<!doctype html><style>${plainLook}</style><pre>${escaped(text)}</pre>`;
      },
    );

    app.get(
      '/development/faults',
      {
        config: { action: 'sandbox' },
        schema: { ...described('Faults that are set'), response: { 200: faultListSchema } },
      },
      async () => ({ faults: await sandbox.ask(z.array(faultSchema), 'GET', '/faults') }),
    );

    app.post(
      '/development/faults',
      {
        config: { action: 'sandbox' },
        schema: { ...described('Make a partner fail'), body: newFaultSchema, response: { 201: faultSchema } },
      },
      async (request, reply) =>
        reply.status(201).send(await sandbox.ask(faultSchema, 'POST', '/faults', request.body)),
    );

    app.delete(
      '/development/faults',
      {
        config: { action: 'sandbox' },
        schema: { ...described('Partners behave again: no faults, no modes'), response: done },
      },
      async (_request, reply) => {
        await sandbox.tell('DELETE', '/faults');
        await sandbox.tell('DELETE', '/delivery-partner/modes');
        return reply.status(204).send(null);
      },
    );

    app.delete(
      '/development/faults/:id',
      {
        config: { action: 'sandbox' },
        schema: { ...described('End one fault'), params, response: done },
      },
      async (request, reply) => {
        await sandbox.tell('DELETE', `/faults/${request.params.id}`);
        return reply.status(204).send(null);
      },
    );
  };
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
