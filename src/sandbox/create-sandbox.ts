import { createControls } from './controls.js';
import { createDeliveryPartner } from './delivery-partner/create-delivery-partner.js';
import { createFaults } from './faults.js';
import { createHttpServer, sendControlError } from './http.js';
import { createMailbox } from './mail/mailbox.js';
import { createMailServer } from './mail/smtp.js';
import { createPaymentGateway } from './payment-gateway/create-payment-gateway.js';
import { createServe } from './serve.js';
import { createSigners } from './signatures.js';
import { openStore, type Store } from './store.js';
import { createWebhooks } from './webhooks.js';

export interface SandboxOptions {
  /** 0 picks a free one, for `smtpPort` too. */
  port: number;
  smtpPort: number;
  host?: '127.0.0.1';
  paymentWebhookUrl?: string;
  paymentWebhookSecret: string;
  deliveryWebhookUrl?: string;
  deliveryWebhookSecret: string;
  /** A file that makes the sandbox survive a kill -9. */
  journal?: string;
  log?: (line: string) => void;
}

export interface Sandbox {
  url: string;
  smtpPort: number;
  close(): Promise<void>;
}

/** Payment gateway, delivery partner and mail, with books of their own. */
export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { host = '127.0.0.1', log = () => {} } = options;
  const store = openStore(options.journal);
  const commit = () => store.commit();
  const faults = createFaults(store);
  const webhooks = webhooksOf(options, store, log);
  const serve = createServe({ faults, commit });
  const gateway = createPaymentGateway({ store, webhooks, serve });
  const partner = createDeliveryPartner({ store, webhooks, serve });
  const mailbox = createMailbox(store);

  const app = await createHttpServer(commit, log);
  await app.register(gateway.routes, { prefix: '/v1' });
  await app.register(partner.routes, { prefix: '/v2' });
  await app.register(
    async (scope) => {
      scope.setErrorHandler(sendControlError);
      await scope.register(createControls({ faults, webhooks, mailbox }));
      await scope.register(gateway.controls);
      await scope.register(partner.controls);
    },
    { prefix: '/_sandbox' },
  );

  const url = await app.listen({ host, port: options.port });
  const mail = await createMailServer({ mailbox, faults, commit }, { host, port: options.smtpPort }).catch(
    async (error: unknown) => {
      await app.close();
      throw error;
    },
  );
  webhooks.resume();
  log(`sandbox on ${url}, mail on port ${mail.port}`);

  return {
    url,
    smtpPort: mail.port,
    async close() {
      for (const part of [webhooks, gateway, partner]) part.close();
      await Promise.all([app.close(), mail.close()]);
      store.close();
    },
  };
}

function webhooksOf(options: SandboxOptions, store: Store, log: (line: string) => void) {
  const secrets = { payment: options.paymentWebhookSecret, delivery: options.deliveryWebhookSecret };
  const urls = { payment: options.paymentWebhookUrl, delivery: options.deliveryWebhookUrl };
  return createWebhooks({ store, signers: createSigners(secrets), urls, log });
}
