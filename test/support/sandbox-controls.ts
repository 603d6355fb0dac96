export interface GatewayBook {
  orderId: string;
  paymentIntent: string;
  amountMinor: number;
  currency: string;
  chargedMinor: number;
  refundedMinor: number;
  disputedMinor: number;
  charges: number;
  disputes: { id: string; amountMinor: number; status: string }[];
  refunds: { id: string; amountMinor: number; status: string; byHand: boolean }[];
}

export interface SandboxShipment {
  id: string;
  reference: string;
  status: string;
  reminders: number;
  remindedAt: string | null;
}

export interface CaughtMail {
  to: string;
  subject: string;
  text: string;
  orderId: string;
  dedupId: string;
}

/** What a test may make the partners do, and what their own books say. */
export function createSandboxControls(url: string) {
  async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${url}/_sandbox${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }

  return {
    url,
    ask,
    setWebhooks: (payment: string, delivery: string) => ask('PUT', '/webhooks', { payment, delivery }),
    fault: (fault: Record<string, unknown>) => ask<{ id: string; hits: number }>('POST', '/faults', fault),
    clearFaults: () => ask('DELETE', '/faults'),
    books: (orderId?: string) => ask<GatewayBook[]>('GET', `/books${orderId ? `?orderId=${orderId}` : ''}`),
    modes: (modes: Record<string, unknown>) => ask('PUT', '/delivery-partner/modes', modes),
    scan: (orderId: string, status: string, detail?: string, attempt = 1) =>
      ask('POST', `/shipments/${orderId}:fulfillment:${attempt}/events`, {
        status,
        ...(detail ? { status_detail: detail } : {}),
      }),
    answer: (orderId: string, answer: string, attempt = 1) =>
      ask('POST', `/shipments/${orderId}:fulfillment:${attempt}/answer`, { answer }),
    shipments: (orderId: string) => ask<SandboxShipment[]>('GET', `/shipments?reference=${orderId}`),
    mail: (orderId: string) => ask<CaughtMail[]>('GET', `/mail?orderId=${orderId}`),
    refundStatus: (refundId: string, status: string) =>
      ask('POST', `/refunds/${refundId}/status`, { status }),
    refundByHand: (orderId: string, amountMinor: number) =>
      ask('POST', '/payment-gateway/refunds', { orderId, amountMinor }),
    dispute: (orderId: string, amountMinor?: number) =>
      ask<{ id: string }>('POST', '/payment-gateway/disputes', {
        orderId,
        ...(amountMinor ? { amountMinor } : {}),
      }),
    decideDispute: (id: string, status: 'won' | 'lost') => ask('POST', `/disputes/${id}/status`, { status }),
    replay: (wish: Record<string, unknown>) => ask('POST', '/webhooks/replay', wish),
  };
}

export type SandboxControls = ReturnType<typeof createSandboxControls>;
