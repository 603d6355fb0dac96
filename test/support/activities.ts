import { createActivities, type Activities } from '../../src/activities/index.js';
import { createWorkflowView } from '../../src/client/workflow-view.js';
import { createDeliveryPartner, type DeliveryPartner } from '../../src/integrations/delivery-partner.js';
import { createPaymentGateway, type PaymentGateway } from '../../src/integrations/payment-gateway.js';
import type { World } from './world.js';

export const gatewayOf = ({ sandbox: { url } }: World): PaymentGateway =>
  createPaymentGateway({ secretKey: 'sk_test_sandbox', url, timeoutMs: 2_000 });

export const partnerOf = ({ sandbox: { url } }: World): DeliveryPartner =>
  createDeliveryPartner({ url, apiKey: 'sandbox', timeoutMs: 2_000 });

/** Activities of the world that no worker runs: attempts that are late, or of a task that is lost. */
export const activitiesOf = (world: World, partner = partnerOf(world)): Activities =>
  createActivities({
    db: world.database.db,
    gateway: gatewayOf(world),
    partner,
    workflows: createWorkflowView(world.temporal, world.taskQueue),
    watchRefund: async () => undefined,
  });
