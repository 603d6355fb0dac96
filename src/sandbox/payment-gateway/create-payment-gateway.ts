import type { Serve } from '../serve.js';
import type { Store } from '../store.js';
import type { Webhooks } from '../webhooks.js';
import { createBooks } from './books.js';
import { createGatewayControls } from './controls.js';
import { createDisputes } from './disputes.js';
import { createAnnounce } from './events.js';
import { createIdempotency } from './idempotency.js';
import { createPaymentIntents } from './payment-intents.js';
import { createRefunds } from './refunds.js';
import { createPaymentGatewayRoutes } from './routes.js';

export function createPaymentGateway(deps: { store: Store; webhooks: Webhooks; serve: Serve }) {
  const { store, webhooks, serve } = deps;
  const books = createBooks(store);
  const announce = createAnnounce(webhooks);
  const intents = createPaymentIntents({ books, announce });
  const refunds = createRefunds({ store, books, announce });
  const disputes = createDisputes({ books, announce });
  const idempotency = createIdempotency(store);
  return {
    routes: createPaymentGatewayRoutes({ books, intents, refunds, idempotency, serve }),
    controls: createGatewayControls({ books, refunds, disputes, idempotency }),
    close: () => refunds.close(),
  };
}
