import cors from '@fastify/cors';
import type { Payload } from '@temporalio/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { UnreadablePayload } from '../../codec/payload-codec.js';
import { codecSchema, type PayloadJson } from '../../contract/codec.js';
import type { ApiDeps } from '../deps.js';
import { uiOriginOf } from '../door.js';
import { HttpProblem } from '../problems.js';

export const codecPath = '/codec';

/** Temporal takes payloads of up to 2 MiB, which base64 lengthens by a third. */
const bodyLimit = 4 * 1024 * 1024;

/**
 * Lets the Temporal Web UI's pages ask the codec, and nothing else. Before the doors of door.ts: the UI shows a refusal
 * only if it may read it.
 */
export async function letWebUiAsk(app: FastifyInstance, deps: ApiDeps): Promise<void> {
  const uiOrigin = uiOriginOf(deps);
  if (uiOrigin === undefined) return;
  await app.register(cors, {
    delegator: (request: FastifyRequest, done) =>
      done(null, {
        // With cookies only an exact origin counts, never `*`.
        origin: request.url.startsWith(`${codecPath}/`) ? [uiOrigin] : false,
        credentials: true,
        methods: ['POST'],
        allowedHeaders: ['content-type', 'x-namespace'],
        strictPreflight: false,
      }),
  });
}

/** What the Temporal Web UI and CLI ask, to show an operator what is encrypted. */
export function codecRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    for (const direction of ['decode', 'encode'] as const) {
      app.post(
        `/${direction}`,
        {
          config: { action: 'decode' },
          bodyLimit,
          schema: {
            summary: `Payloads for the Temporal Web UI and CLI: ${direction}`,
            tags: ['operations'],
            body: codecSchema,
            response: { 200: codecSchema },
          },
        },
        async (request) => {
          const payloads = await deps.codec[direction](request.body.payloads.map(fromJson)).catch(explain);
          return { payloads: payloads.map(toJson) };
        },
      );
    }
  };
}

function explain(error: unknown): never {
  if (error instanceof UnreadablePayload) throw new HttpProblem(409, 'unreadable_payload', error.message);
  throw error;
}

function fromJson({ metadata, data }: PayloadJson): Payload {
  const entries = Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')]);
  return { metadata: Object.fromEntries(entries) as Payload['metadata'], data: Buffer.from(data, 'base64') };
}

function toJson({ metadata, data }: Payload): PayloadJson {
  const base64 = (bytes?: Uint8Array | null): string => Buffer.from(bytes ?? []).toString('base64');
  const entries = Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)]);
  return { metadata: Object.fromEntries(entries) as PayloadJson['metadata'], data: base64(data) };
}
