import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FastifyPluginAsync } from 'fastify';
import { notFound } from './problems.js';

const web = new URL('../web/', import.meta.url);
const sources = {
  'tokens.css': 'design/tokens.css',
  'mark.svg': 'design/mark.svg',
  'customer.css': 'customer/customer.css',
  'order.js': 'customer/order.js',
} as const;
type Name = keyof typeof sources;
const types: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/** Files of the customer's pages under names that change with their content: a browser may keep them for good. */
export function createAssets(prefix: string) {
  const known = new Map<string, { body: Buffer; type: string }>();
  const urls = {} as Record<Name, string>;
  for (const [name, source] of Object.entries(sources) as [Name, string][]) {
    const body = readFileSync(new URL(source, web));
    const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
    const [stem = '', ending = ''] = name.split('.');
    known.set(`${stem}.${hash}.${ending}`, { body, type: types[ending] ?? '' });
    urls[name] = `${prefix}/${stem}.${hash}.${ending}`;
  }
  const routes: FastifyPluginAsync = async (app) => {
    app.addHook('onSend', async (_request, reply) => {
      if (reply.statusCode === 200) void reply.header('cache-control', 'public, max-age=31536000, immutable');
    });
    app.get<{ Params: { name: string } }>(
      '/:name',
      { config: { action: 'browse', page: true }, schema: { hide: true } },
      async (request, reply) => {
        const file = known.get(request.params.name);
        if (!file) throw notFound('The file');
        return reply.type(file.type).send(file.body);
      },
    );
  };
  return { url: (name: Name): string => urls[name], routes };
}
