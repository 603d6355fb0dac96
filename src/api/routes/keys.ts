import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { keyListSchema, keyViewSchema, madeKeySchema, newKeySchema } from '../../contract/keys.js';
import { addKey, allKeys, revokeKey } from '../../db/machine-keys.js';
import { parseDuration } from '../../domain/deadline.js';
import { machineKey } from '../../domain/identity.js';
import { actorOf } from '../auth.js';
import { sha256 } from '../session.js';
import type { ApiDeps } from '../deps.js';
import { orderParams } from '../find-order.js';
import { notFound } from '../problems.js';

const isoOrNull = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** Machine keys: made by supervisors, shown once, kept as hashes. */
export function keyRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  const { db } = deps.database;

  async function views(): Promise<z.output<typeof keyListSchema>['keys']> {
    return (await allKeys(db)).map((row) => ({
      id: row.id,
      name: row.name,
      role: row.role,
      createdBy: row.created_by,
      createdAt: new Date(row.created_at).toISOString(),
      expiresAt: isoOrNull(row.expires_at),
      revokedAt: isoOrNull(row.revoked_at),
    }));
  }

  return async (app) => {
    app.get(
      '/keys',
      {
        config: { action: 'manage-keys' },
        schema: { summary: 'Machine keys', tags: ['keys'], response: { 200: keyListSchema } },
      },
      async () => ({ keys: await views() }),
    );

    app.post(
      '/keys',
      {
        config: { action: 'manage-keys' },
        schema: {
          summary: 'Make a machine key; it is shown this once',
          tags: ['keys'],
          body: newKeySchema,
          response: { 201: madeKeySchema },
        },
      },
      async (request, reply) => {
        const { name, role, expires } = request.body;
        const { id, key } = machineKey(deps.random(10), randomBytes(24).toString('base64url'));
        const now = deps.now();
        const expiresAt = expires === undefined ? null : now + (parseDuration(expires) ?? 0);
        const createdBy = actorOf(request.subject).id;
        await addKey(db, { id, name, role, keyHash: sha256(key), createdBy, createdAt: now, expiresAt });
        return reply.status(201).send({ id, key, name, role, expiresAt: isoOrNull(expiresAt) });
      },
    );

    app.post(
      '/keys/:id/revoke',
      {
        config: { action: 'manage-keys' },
        schema: {
          summary: 'From now on the key opens nothing',
          tags: ['keys'],
          params: orderParams,
          response: { 200: keyViewSchema },
        },
      },
      async (request) => {
        const { id } = request.params;
        const found = (await revokeKey(db, id, deps.now())) && (await views()).find((key) => key.id === id);
        if (!found) throw notFound(`The key ${id}`);
        return found;
      },
    );
  };
}
