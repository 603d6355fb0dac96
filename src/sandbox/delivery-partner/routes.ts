import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { createShipmentRequestSchema } from '../../contract/delivery-partner.js';
import type { Operation } from '../faults.js';
import { idsIn } from '../ids.js';
import { answer, type Answer, type Serve } from '../serve.js';
import { PartnerRefusal } from './errors.js';
import type { Ledger } from './ledger.js';
import type { Shipments } from './shipments.js';

interface Endpoint {
  method: 'GET' | 'POST';
  url: string;
  operation: Operation<'delivery-partner'>;
  status: number;
  run(request: FastifyRequest): unknown;
}

const idIn = (request: FastifyRequest) => (request.params as { id: string }).id;
const said = (refusal: PartnerRefusal): Answer => answer(refusal.status, refusal.body);

/** The delivery partner's API under /v2. */
export function createDeliveryPartnerRoutes(deps: { ledger: Ledger; shipments: Shipments; serve: Serve }) {
  const { ledger, serve } = deps;

  function mentions(request: FastifyRequest): string {
    const text = `${request.url} ${JSON.stringify([request.params, request.query, request.body])}`;
    const references = idsIn(text).map((id) => ledger.find(id)?.shipment.reference ?? '');
    return `${text} ${references.join(' ')}`;
  }

  function work(endpoint: Endpoint, request: FastifyRequest): Answer {
    try {
      return answer(endpoint.status, endpoint.run(request));
    } catch (error) {
      if (error instanceof PartnerRefusal) return said(error);
      throw error;
    }
  }

  return async function routes(app: FastifyInstance): Promise<void> {
    app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
      const refusal = error instanceof PartnerRefusal ? error : refusalFor(error);
      return reply.code(refusal.status).send(refusal.body);
    });
    app.setNotFoundHandler((request, reply) => {
      const refusal = new PartnerRefusal(404, 'notFound', `No such resource: ${request.url}`);
      return reply.code(404).send(refusal.body);
    });
    app.addHook('onRequest', async ({ headers }) => {
      if (!hasKey(headers.authorization)) {
        throw new PartnerRefusal(401, 'unauthorized', 'An API key is required, as the user of HTTP Basic.');
      }
    });
    for (const endpoint of createEndpoints(deps)) {
      app.route({
        method: endpoint.method,
        url: endpoint.url,
        handler: (request, reply) =>
          serve(request, reply, {
            target: 'delivery-partner',
            operation: endpoint.operation,
            mentions: () => mentions(request),
            work: () => work(endpoint, request),
            failure: (status) =>
              said(
                status === 500
                  ? new PartnerRefusal(500, 'internal', 'Something went wrong on our side.')
                  : new PartnerRefusal(429, 'rateLimited', 'Too many requests.'),
              ),
          }),
      });
    }
  };
}

function createEndpoints({ ledger, shipments }: { ledger: Ledger; shipments: Shipments }): Endpoint[] {
  return [
    {
      method: 'POST',
      url: '/shipments',
      operation: 'create_shipment',
      status: 201,
      run({ body }) {
        const parsed = createShipmentRequestSchema.safeParse(body);
        if (!parsed.success) throw new PartnerRefusal(422, 'invalid', z.prettifyError(parsed.error));
        return shipments.create(parsed.data);
      },
    },
    {
      method: 'GET',
      url: '/shipments',
      operation: 'list_shipments',
      status: 200,
      run({ query }) {
        const { reference } = query as { reference?: string };
        const found = reference === undefined ? ledger.all().slice(-100).reverse() : ledger.find(reference);
        const list = Array.isArray(found) ? found : found ? [found] : [];
        return { shipments: list.map(({ shipment }) => shipment) };
      },
    },
    {
      method: 'GET',
      url: '/shipments/:id',
      operation: 'retrieve_shipment',
      status: 200,
      run: (request) => ledger.get(idIn(request)).shipment,
    },
    {
      method: 'POST',
      url: '/shipments/:id/cancel',
      operation: 'cancel_shipment',
      status: 200,
      run: (request) => shipments.cancel(ledger.get(idIn(request))),
    },
    {
      method: 'POST',
      url: '/shipments/:id/reminders',
      operation: 'remind',
      status: 202,
      run: (request) => shipments.remind(ledger.get(idIn(request))),
    },
  ];
}

function hasKey(authorization: string | undefined): boolean {
  const encoded = /^Basic (\S+)$/.exec(authorization ?? '')?.[1] ?? '';
  return /^[^:]+/.test(Buffer.from(encoded, 'base64').toString());
}

function refusalFor(error: Error & { statusCode?: number }): PartnerRefusal {
  const status = error.statusCode ?? 500;
  if (status < 500) return new PartnerRefusal(status, 'invalid', error.message);
  return new PartnerRefusal(500, 'internal', 'Something went wrong on our side.');
}
