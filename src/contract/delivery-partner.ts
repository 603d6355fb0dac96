import { z } from 'zod';

/**
 * What the delivery partner's API and webhooks carry (EasyPost's shape, `/v2`, JSON). Times are ISO 8601 in UTC,
 * ids are opaque and prefixed (`shp_`, `trk_`, `evt_`), quantities are whole units.
 */

/** `cancellation_requested`: the partner has been asked and has not answered yet. `closed`: nothing more will happen. */
export const shipmentStatuses = [
  'submitted',
  'accepted',
  'rejected',
  'cancellation_requested',
  'cancelled',
  'closed',
] as const;
export const shipmentStatusSchema = z.enum(shipmentStatuses);
export type ShipmentStatus = z.infer<typeof shipmentStatusSchema>;

/** EasyPost's words for where a parcel is. */
export const trackerStatuses = [
  'unknown',
  'pre_transit',
  'in_transit',
  'out_for_delivery',
  'available_for_pickup',
  'delivered',
  'return_to_sender',
  'failure',
  'cancelled',
  'error',
] as const;
export const trackerStatusSchema = z.enum(trackerStatuses);
export type TrackerStatus = z.infer<typeof trackerStatusSchema>;

/** `country`: ISO 3166-1 alpha-2. */
export const addressSchema = z.object({
  name: z.string().min(1),
  street1: z.string().min(1),
  street2: z.string().optional(),
  city: z.string().min(1),
  state: z.string().optional(),
  zip: z.string().min(1),
  country: z.string().regex(/^[A-Z]{2}$/),
  phone: z.string().optional(),
  email: z.string().optional(),
});
export type DeliveryAddress = z.infer<typeof addressSchema>;

/** POST /v2/shipments. `reference` is the caller's own id, unique at the partner: a second booking under it is 409. */
export const createShipmentRequestSchema = z.object({
  shipment: z.object({
    reference: z.string().min(1).max(200),
    to_address: addressSchema,
    parcel: z.object({ sku: z.string().min(1), quantity: z.int().min(1) }),
  }),
});
export type CreateShipmentRequest = z.infer<typeof createShipmentRequestSchema>;

/** What POST and GET /v2/shipments answer. `tracking_code` is null until the partner has accepted. */
export const shipmentSchema = z.object({
  id: z.string(),
  reference: z.string(),
  status: shipmentStatusSchema,
  tracking_code: z.string().nullable(),
  tracker: z.object({ id: z.string(), status: trackerStatusSchema }),
  created_at: z.string(),
  messages: z.array(z.object({ code: z.string(), message: z.string() })),
});
export type Shipment = z.infer<typeof shipmentSchema>;

/** GET /v2/shipments?reference= */
export const shipmentListSchema = z.object({ shipments: z.array(shipmentSchema) });
export type ShipmentList = z.infer<typeof shipmentListSchema>;

/** POST /v2/shipments/:id/reminders. `reminders`: how many the partner has received for this shipment. */
export const reminderReplySchema = z.object({ id: z.string(), reference: z.string(), reminders: z.int() });
export type ReminderReply = z.infer<typeof reminderReplySchema>;

/** The codes an error reply may carry; `partnerErrorSchema` takes any text, because partners add codes. */
export const partnerErrorCodes = {
  referenceTaken: 'SHIPMENT.REFERENCE.TAKEN',
  undeliverable: 'ADDRESS.UNDELIVERABLE',
  invalid: 'PARAMETER.INVALID',
  notFound: 'NOT_FOUND',
  alreadyPickedUp: 'SHIPMENT.ALREADY_PICKED_UP',
  cancellationRejected: 'SHIPMENT.CANCELLATION_REJECTED',
  alreadyRejected: 'SHIPMENT.ALREADY_REJECTED',
  alreadyCancelled: 'SHIPMENT.ALREADY_CANCELLED',
  unauthorized: 'UNAUTHORIZED',
  rateLimited: 'RATE_LIMITED',
  internal: 'INTERNAL_SERVER_ERROR',
} as const;

/** Every reply that is not 2xx. `shipment_id` names the existing shipment when the reference is taken. */
export const partnerErrorSchema = z.object({
  error: z.object({ code: z.string(), message: z.string(), shipment_id: z.string().optional() }),
});
export type PartnerError = z.infer<typeof partnerErrorSchema>;

/** The tracker inside a `tracker.updated` event, with every scan so far, oldest first. */
export const trackerSchema = z.object({
  id: z.string(),
  shipment_id: z.string(),
  reference: z.string(),
  tracking_code: z.string().nullable(),
  status: trackerStatusSchema,
  status_detail: z.string(),
  updated_at: z.string(),
  tracking_details: z.array(
    z.object({ status: trackerStatusSchema, message: z.string(), datetime: z.string() }),
  ),
});
export type Tracker = z.infer<typeof trackerSchema>;

/** In the years that clocks, databases and people agree on. */
const instant = z.string().refine((text) => {
  const at = Date.parse(text);
  return at > Date.UTC(2000) && at < Date.UTC(2200);
}, 'an instant');
const event = z.object({ id: z.string(), object: z.literal('Event'), created_at: instant });

export const shipmentEventNames = [
  'shipment.accepted',
  'shipment.rejected',
  'shipment.cancelled',
  'shipment.cancel_rejected',
] as const;

/** Webhooks in; the header `X-Hmac-Signature: hmac-sha256-hex=<hex>` is HMAC-SHA256 over the raw body. */
export const partnerEventSchema = z.discriminatedUnion('description', [
  event.extend({ description: z.enum(shipmentEventNames), result: shipmentSchema }),
  event.extend({
    description: z.literal('tracker.updated'),
    result: trackerSchema.extend({ updated_at: instant }),
  }),
]);
export type PartnerEvent = z.infer<typeof partnerEventSchema>;
