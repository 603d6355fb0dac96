import type { Commands } from '../client/commands.js';
import type { OrderClient } from '../client/order-client.js';
import type { Database } from '../db/database.js';
import type { Mailer } from '../integrations/mail.js';
import { workInbox } from '../worker/inbox-pump.js';
import { workOutbox } from '../worker/outbox-pump.js';
import { startPump, type Pump } from '../worker/pump.js';
import { sweep } from '../worker/sweeper.js';
import { reportOn } from './trying-again.js';

interface Parts {
  database: Database;
  orders: OrderClient;
  commands: Commands;
  mailer: Mailer;
  linkTo: Parameters<typeof workOutbox>[2];
  now: () => number;
}

/** What runs beside the workflows in each worker process: partners' events in, mails out, and the sweeper. */
export async function startBackgroundWork(parts: Parts): Promise<Pump> {
  const { database, orders, commands, mailer, linkTo, now } = parts;
  const { db } = database;
  const starting = [
    startPump({
      database,
      channel: 'inbox_filled',
      everyMs: 1_000,
      restMs: 100,
      work: () => workInbox(db, orders, now),
      onError: reportOn('inbox'),
    }),
    startPump({
      database,
      channel: 'outbox_filled',
      everyMs: 2_000,
      restMs: 200,
      work: () => workOutbox(db, mailer, linkTo, now),
      onError: reportOn('outbox'),
    }),
    startPump({
      database,
      channel: 'sweep_now',
      everyMs: 5_000,
      work: async () => (await sweep({ db, orders, commands, now }), false),
      onError: reportOn('sweeper'),
    }),
  ];
  const stop = async (): Promise<void> => {
    const started = (await Promise.allSettled(starting)).filter((pump) => pump.status === 'fulfilled');
    await Promise.all(started.map((pump) => pump.value.stop()));
  };
  // One that cannot start leaves none behind.
  await Promise.all(starting).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { stop };
}
