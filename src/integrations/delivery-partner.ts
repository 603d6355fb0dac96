import type { z } from 'zod';
import {
  partnerErrorCodes,
  partnerErrorSchema,
  shipmentListSchema,
  shipmentSchema,
  type CreateShipmentRequest,
  type Shipment,
} from '../contract/delivery-partner.js';
import { PartnerConflict, PartnerDoubt, PartnerRefusal } from './errors.js';

/** Refusals throw PartnerRefusal, wrong states PartnerConflict, everything open PartnerDoubt. */
export interface DeliveryPartner {
  findByReference(reference: string): Promise<Shipment | undefined>;
  createShipment(request: CreateShipmentRequest): Promise<Shipment>;
  cancelShipment(id: string): Promise<Shipment>;
  remind(id: string): Promise<void>;
}

export interface DeliveryPartnerOptions {
  url: string;
  apiKey: string;
  timeoutMs: number;
}

export function createDeliveryPartner(options: DeliveryPartnerOptions): DeliveryPartner {
  const authorization = `Basic ${Buffer.from(`${options.apiKey}:`).toString('base64')}`;

  async function call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${options.url}/v2${path}`, {
        method,
        headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(options.timeoutMs),
      });
      text = await response.text();
    } catch (error) {
      throw new PartnerDoubt(`${method} ${path}: ${describe(error)}`);
    }
    if (!response.ok) throw meaningOf(response, text);
    return parseJson(text);
  }

  return {
    findByReference: async (reference) => {
      const list = read(
        shipmentListSchema,
        await call('GET', `/shipments?reference=${encodeURIComponent(reference)}`),
      );
      return list.shipments.find((shipment) => shipment.reference === reference);
    },
    createShipment: async (request) => read(shipmentSchema, await call('POST', '/shipments', request)),
    cancelShipment: async (id) => read(shipmentSchema, await call('POST', `/shipments/${id}/cancel`)),
    remind: async (id) => void (await call('POST', `/shipments/${id}/reminders`)),
  };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PartnerDoubt('the delivery partner answered something that is not JSON');
  }
}

function read<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new PartnerDoubt(`the delivery partner answered in an unknown shape: ${result.error.message}`);
}

const conflicts: string[] = [
  partnerErrorCodes.referenceTaken,
  partnerErrorCodes.alreadyPickedUp,
  partnerErrorCodes.cancellationRejected,
  partnerErrorCodes.alreadyRejected,
];

function meaningOf(response: Response, text: string): Error {
  const parsed = partnerErrorSchema.safeParse(safeJson(text));
  const code = parsed.success ? parsed.data.error.code : `HTTP_${response.status}`;
  const message = parsed.success ? parsed.data.error.message : text.slice(0, 200);
  if (
    response.status >= 500 ||
    response.status === 429 ||
    response.status === 408 ||
    response.status === 401
  ) {
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined;
    return new PartnerDoubt(`${code}: ${message}`, { retryAfterMs });
  }
  return conflicts.includes(code) ? new PartnerConflict(code, message) : new PartnerRefusal(code, message);
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
