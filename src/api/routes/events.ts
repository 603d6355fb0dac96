import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { PassThrough } from 'node:stream';
import { z } from 'zod';
import { authorize } from '../access.js';
import { actorOf, identify } from '../auth.js';
import type { ApiDeps } from '../deps.js';
import { openLiveFeed, type LiveEvent } from '../live-feed.js';
import { HttpProblem } from '../problems.js';

/** Of one person, at one process: a browser has one, or one for each tab where tabs cannot share it. */
const MOST_STREAMS = 20;
/** A reader who has so much unread is not reading; it comes back and is told what it missed. */
const MOST_UNREAD = 256 * 1024;

/** GET /api/events: what has changed, for as long as whoever reads it may. */
export function eventRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  return async (app) => {
    const feed = await openLiveFeed(deps.database, deps.changes);
    const streams = new Map<PassThrough, string>();
    // A stream has no end of its own, and the server waits for its requests to end.
    app.addHook('preClose', async () => {
      for (const stream of streams.keys()) stream.end();
    });
    app.addHook('onClose', () => feed.close().catch(() => undefined));

    function admit(reader: string): void {
      if ([...streams.values()].filter((other) => other === reader).length < MOST_STREAMS) return;
      const detail = `At most ${MOST_STREAMS} streams of events for one key: close some.`;
      throw new HttpProblem(429, 'too_many_streams', detail);
    }

    async function mayStill(request: FastifyRequest): Promise<boolean> {
      try {
        authorize(await identify(deps, request), 'watch');
        return true;
      } catch (error) {
        // Somebody whose key or session has ended; a database that is away says nothing about that.
        return !(error instanceof HttpProblem);
      }
    }

    function open(request: FastifyRequest, reader: string): PassThrough {
      const stream = new PassThrough();
      const write = (text: string): void => {
        if (stream.readableLength > MOST_UNREAD) stream.destroy();
        else if (!stream.writableEnded) stream.write(text);
      };
      const missed = missedBy(request.headers['last-event-id']);
      write(`retry: 2000\nid: ${feed.position()}\n\n${missed.map(written).join('')}`);
      const unsubscribe = feed.subscribe((event) => write(written(event)));
      const heartbeat = setInterval(() => {
        write('event: ping\ndata: {}\n\n');
        void mayStill(request).then((may) => may || stream.end());
      }, deps.heartbeatMs ?? 15_000);
      streams.set(stream, reader);
      stream.once('close', () => {
        clearInterval(heartbeat);
        unsubscribe();
        streams.delete(stream);
      });
      return stream;
    }

    function missedBy(lastId: string | string[] | undefined): LiveEvent[] {
      if (typeof lastId !== 'string' || lastId === '') return [];
      return feed.since(lastId) ?? [{ id: feed.position(), name: 'reset', data: {} }];
    }

    app.get(
      '/events',
      {
        config: { action: 'watch' },
        schema: {
          summary: 'What changes, as server-sent events',
          description:
            'Events `order` {orderId, status, version}, `attention` {orderId}, `record` {orderId}: a mail, a command or an ' +
            'audit entry, `product` {sku}, `reconciliation`, and `reset`: something may have been missed, fetch again. `ping` comes every 15 s. Last-Event-ID goes on where it was.',
          tags: ['operations'],
          response: { 200: z.unknown().describe('text/event-stream, without an end') },
        },
      },
      async (request, reply) => {
        const reader = actorOf(request.subject).id;
        admit(reader);
        void reply.type('text/event-stream').header('x-accel-buffering', 'no');
        return request.method === 'HEAD' ? reply.send('') : reply.send(open(request, reader));
      },
    );
  };
}

const written = ({ id, name, data }: LiveEvent): string =>
  `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
