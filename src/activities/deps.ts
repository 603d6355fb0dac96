import type { Db } from '../db/database.js';
import type { RefundInput } from '../domain/order.js';
import type { WorkflowView } from '../domain/reconciliation.js';
import type { DeliveryPartner } from '../integrations/delivery-partner.js';
import type { PaymentGateway } from '../integrations/payment-gateway.js';

export interface Deps {
  db: Db;
  gateway: PaymentGateway;
  partner: DeliveryPartner;
  workflows: WorkflowView;
  /** Starts the watch over an order's refund, or wakes it. */
  watchRefund: (input: RefundInput, eventId: string) => Promise<void>;
}
