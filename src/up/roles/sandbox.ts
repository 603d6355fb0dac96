import { readConfig } from '../../config.js';
import { createSandbox } from '../../sandbox/create-sandbox.js';
import { untilStopped } from './until-stopped.js';

/** `preorder sandbox`: payment gateway, delivery partner and mail, with books of their own. */
export async function main(): Promise<number> {
  const config = readConfig();
  const api = config.PREORDER_URL ?? `http://${config.PREORDER_HOST}:${config.PREORDER_PORT}`;
  const sandbox = await createSandbox({
    port: Number(new URL(config.DELIVERY_PARTNER_URL).port),
    smtpPort: Number(new URL(config.SMTP_URL).port),
    paymentWebhookUrl: `${api}/webhooks/payment`,
    paymentWebhookSecret: config.STRIPE_WEBHOOK_SECRET[0],
    deliveryWebhookUrl: `${api}/webhooks/delivery`,
    deliveryWebhookSecret: config.DELIVERY_WEBHOOK_SECRET[0],
    journal: `${config.PREORDER_DATA_DIR}/sandbox.jsonl`,
    log: (line) => process.stderr.write(`${line}\n`),
  });
  await untilStopped();
  await sandbox.close();
  return 0;
}
