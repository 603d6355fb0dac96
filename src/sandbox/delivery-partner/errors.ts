import { partnerErrorCodes, type PartnerError } from '../../contract/delivery-partner.js';

export type PartnerErrorCode = keyof typeof partnerErrorCodes;

export class PartnerRefusal extends Error {
  readonly status: number;
  readonly body: PartnerError;

  constructor(status: number, code: PartnerErrorCode, message: string, shipmentId?: string) {
    super(message);
    this.status = status;
    const shipment = shipmentId === undefined ? {} : { shipment_id: shipmentId };
    this.body = { error: { code: partnerErrorCodes[code], message, ...shipment } };
  }
}
