import type { Db } from '../db/database.js';
import type { DeliveryPartner } from '../integrations/delivery-partner.js';
import type { PaymentGateway } from '../integrations/payment-gateway.js';

export interface Deps {
  db: Db;
  gateway: PaymentGateway;
  partner: DeliveryPartner;
}
