import type { Serve } from '../serve.js';
import type { Store } from '../store.js';
import type { Webhooks } from '../webhooks.js';
import { createPartnerControls } from './controls.js';
import { createLedger } from './ledger.js';
import { createModes } from './modes.js';
import { createDeliveryPartnerRoutes } from './routes.js';
import { createShipments } from './shipments.js';

export function createDeliveryPartner(deps: { store: Store; webhooks: Webhooks; serve: Serve }) {
  const { store, webhooks, serve } = deps;
  const ledger = createLedger(store);
  const modes = createModes(store);
  const shipments = createShipments({ store, ledger, modes, webhooks });
  return {
    routes: createDeliveryPartnerRoutes({ ledger, shipments, serve }),
    controls: createPartnerControls({ ledger, shipments, modes }),
    close: () => shipments.close(),
  };
}
