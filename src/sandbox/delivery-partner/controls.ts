import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { trackerStatuses } from '../../contract/delivery-partner.js';
import { readBody } from '../http.js';
import { answers, type Ledger } from './ledger.js';
import { modeSchema, type Modes } from './modes.js';
import type { Shipments } from './shipments.js';

const scan = z.strictObject({ status: z.enum(trackerStatuses), status_detail: z.string().optional() });
const verdict = z.strictObject({ answer: z.enum(answers) });

/** The physical world and the partner's moods. */
export function createPartnerControls(deps: { ledger: Ledger; shipments: Shipments; modes: Modes }) {
  const { ledger, shipments, modes } = deps;

  return async function controls(app: FastifyInstance): Promise<void> {
    app.get<{ Querystring: { reference?: string } }>('/shipments', async ({ query }) =>
      ledger
        .all()
        .filter(({ shipment }) => shipment.reference.startsWith(query.reference ?? ''))
        .map(({ shipment, tracker, reminders, remindedAt }) => ({
          ...shipment,
          tracking_details: tracker.tracking_details,
          reminders,
          remindedAt: remindedAt ?? null,
        })),
    );
    app.post<{ Params: { key: string } }>('/shipments/:key/events', async ({ params, body }) => {
      const { status, status_detail } = readBody(scan, body);
      return shipments.move(ledger.get(params.key), status, status_detail);
    });
    app.post<{ Params: { key: string } }>('/shipments/:key/answer', async ({ params, body }) =>
      shipments.answer(ledger.get(params.key), readBody(verdict, body).answer),
    );
    app.get('/delivery-partner/modes', async () => modes.list());
    app.put('/delivery-partner/modes', async ({ body }) => modes.set(readBody(modeSchema, body)));
    app.delete('/delivery-partner/modes', async () => {
      modes.clear();
      return { cleared: 'all' };
    });
  };
}
