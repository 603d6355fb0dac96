import nodemailer from 'nodemailer';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openWorld, type World } from '../testing.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(() => world.control('DELETE', '/faults'));

function send(to: string, orderId: string) {
  const transport = nodemailer.createTransport({
    host: '127.0.0.1',
    port: world.smtpPort,
    socketTimeout: 1000,
  });
  return transport.sendMail({
    from: 'shop@example.test',
    to,
    subject: `Grüße für ${orderId}`,
    text: 'Ihre Bestellung ist da: für Sie. €',
    html: '<b>da</b>',
    messageId: `<dedup-${orderId}@example.test>`,
    headers: { 'X-Order-Id': orderId },
  });
}
const caught = async (query: string) => (await world.control('GET', `/mail?${query}`)).json;

describe('mail', () => {
  it('is caught and shown by recipient and order', async () => {
    await send('ada@example.test', 'po_mail1');
    await send('bob@example.test', 'po_mail2');
    expect(await caught('orderId=po_mail1')).toEqual([
      {
        id: expect.stringMatching(/^mail_/) as string,
        to: ['ada@example.test'],
        subject: 'Grüße für po_mail1',
        text: expect.stringContaining('für Sie. €') as string,
        html: expect.stringContaining('<b>da</b>') as string,
        orderId: 'po_mail1',
        dedupId: 'dedup-po_mail1@example.test',
        receivedAt: expect.any(String) as string,
      },
    ]);
    expect(await caught('to=bob@example.test')).toMatchObject([{ orderId: 'po_mail2' }]);
    expect(await caught('')).toHaveLength(2);
  });

  it('is refused with 451 on command', async () => {
    await world.control('POST', '/faults', {
      target: 'mail',
      kind: 'error_500',
      match: 'po_mail3',
      times: 1,
    });
    await expect(send('ada@example.test', 'po_mail3')).rejects.toMatchObject({ responseCode: 451 });
    expect(await caught('orderId=po_mail3')).toEqual([]);
    await send('ada@example.test', 'po_mail3');
    expect(await caught('orderId=po_mail3')).toHaveLength(1);
  });

  it('is kept though the reply is lost, and not when the connection is refused', async () => {
    await world.control('POST', '/faults', { target: 'mail', kind: 'drop_reply', match: 'po_mail4' });
    await expect(send('ada@example.test', 'po_mail4')).rejects.toThrow();
    expect(await caught('orderId=po_mail4')).toHaveLength(1);
    await world.control('POST', '/faults', { target: 'mail', kind: 'refuse_connection', match: 'po_mail5' });
    await expect(send('ada@example.test', 'po_mail5')).rejects.toThrow();
    expect(await caught('orderId=po_mail5')).toEqual([]);
  });
});
