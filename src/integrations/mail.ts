import { createTransport } from 'nodemailer';

export interface Mail {
  to: string;
  subject: string;
  text: string;
  orderId: string;
  /** The same notice carries the same id, however often it is sent. */
  dedupId: string;
}

export interface Mailer {
  send(mail: Mail): Promise<void>;
  close(): void;
}

export function createMailer(options: { smtpUrl: string; from: string; timeoutMs: number }): Mailer {
  const transport = createTransport({
    url: options.smtpUrl,
    connectionTimeout: options.timeoutMs,
    socketTimeout: options.timeoutMs,
    pool: true,
    maxConnections: 1,
  });
  return {
    send: async ({ to, subject, text, orderId, dedupId }) => {
      await transport.sendMail({
        from: options.from,
        to,
        subject,
        text,
        messageId: `<${dedupId.replaceAll(/[^a-zA-Z0-9_.-]/g, '.')}@preorder>`,
        headers: { 'X-Order-Id': orderId, 'X-Dedup-Id': dedupId },
      });
    },
    close: () => transport.close(),
  };
}
