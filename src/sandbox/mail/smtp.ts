import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Faults } from '../faults.js';
import type { Mailbox } from './mailbox.js';

const sizeLimit = 5 * 1024 * 1024;

interface MailDeps {
  mailbox: Mailbox;
  faults: Faults;
  commit: () => void;
}

/** Takes every mail and delivers none. */
export async function createMailServer(deps: MailDeps, listen: { host: string; port: number }) {
  const { mailbox, faults, commit } = deps;
  const sockets = new Map<number, Socket>();

  /** Keeps the mail, unless a fault says otherwise; false means that nobody will be answered. */
  async function receive(session: SMTPServerSession, raw: Buffer): Promise<boolean> {
    const fault = faults.take('mail', 'send_mail', () => raw.toString('latin1'));
    const socket = sockets.get(session.remotePort);
    if (fault?.kind === 'timeout') return false;
    if (fault?.kind === 'refuse_connection') {
      socket?.destroy();
      return false;
    }
    if (fault?.kind === 'delay') await sleep(fault.delayMs ?? 1000);
    else if (fault && fault.kind !== 'drop_reply') throw refusal();
    mailbox.add(
      session.envelope.rcptTo.map(({ address }) => address),
      raw,
    );
    commit();
    if (fault?.kind !== 'drop_reply') return true;
    socket?.destroy();
    return false;
  }

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: sizeLimit,
    closeTimeout: 100,
    onData(stream, session, callback) {
      bytesOf(stream)
        .then((raw) => receive(session, raw))
        .then((answered) => answered && callback())
        .catch((error: Error) => callback(error));
    },
  });
  // A client that goes away in the middle is its own business.
  server.on('error', () => {});
  server.server.on('connection', (socket) => {
    const { remotePort } = socket;
    if (remotePort === undefined) return;
    sockets.set(remotePort, socket);
    socket.once('close', () => sockets.delete(remotePort));
  });
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(listen.port, listen.host, resolve);
  });
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(resolve);
        for (const socket of sockets.values()) socket.destroy();
      }),
  };
}

const refusal = () =>
  Object.assign(new Error('Requested action aborted: local error in processing'), { responseCode: 451 });

async function bytesOf(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
