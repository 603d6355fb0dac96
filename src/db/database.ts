import { PGlite } from '@electric-sql/pglite';
import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { EmbeddedStream } from './embedded-stream.js';
import { lockFile } from './lock-file.js';
import { migrate, refusalOf } from './migrate.js';
import { preparing } from './prepared.js';
import type { Schema } from './schema.js';
import { endingSilence, keepSpeaking, SILENCE_MS } from './silence.js';
import { createUpkeep } from './upkeep.js';

export type Db = Kysely<Schema>;
export type Tx = Db | Transaction<Schema>;

export interface Database {
  db: Db;
  kind: 'postgres' | 'embedded';
  /**
   * Calls back for each notification on a channel until the returned function is called; `onGap` after a break in which
   * some may have been lost.
   */
  listen(
    channel: string,
    callback: (payload: string) => void,
    onGap?: () => void,
  ): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** `url`: PostgreSQL ≥ 15. Without it, PGlite in `folder`, or in memory when there is none. */
export interface DatabaseOptions {
  url?: string | undefined;
  folder?: string | undefined;
  /** PGlite in memory begins with this dump of a data directory: a fifth of the time that an empty one takes. */
  from?: Blob | undefined;
  poolSize?: number;
  /** After so long without a word from PostgreSQL a connection counts as broken. */
  silenceMs?: number;
}

const INT8 = 20;
const TIMESTAMPTZ = 1184;
const toEpoch = (text: string): number => Date.parse(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'));

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { url, folder, from, poolSize = 10, silenceMs = SILENCE_MS } = options;
  // A migration of a large table may be silent for as long as it takes.
  const patient = url ? openPostgres(url, 1) : await openEmbedded(folder, from);
  try {
    await migrate(patient.db);
  } catch (error) {
    await patient.close();
    throw error;
  }
  if (!url) return patient;
  await patient.close();
  return openPostgres(url, poolSize, silenceMs);
}

/** Why this release could not open the database, and what to do; looks, and migrates nothing. */
export async function refusalToOpen(url: string): Promise<string | undefined> {
  const looking = openPostgres(url, 1, SILENCE_MS);
  try {
    return await refusalOf(looking.db);
  } finally {
    await looking.close();
  }
}

const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (oid === INT8) return Number;
    if (oid === TIMESTAMPTZ) return toEpoch;
    return pg.types.getTypeParser(oid, format) as unknown;
  },
};

function openPostgres(connectionString: string, max: number, silenceMs?: number): Database {
  const limits = silenceMs === undefined ? {} : endingSilence(silenceMs);
  const pool = new pg.Pool({ connectionString, max, types, options: '-c timezone=UTC', ...limits });
  // An idle connection that breaks is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => undefined);
  // So would one that breaks between two statements of a transaction: the next statement says so.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: preparing(pool) }) });
  return {
    db,
    kind: 'postgres',
    listen: (channel, callback, onGap) =>
      listenPostgres({ connectionString, silenceMs, channel, callback, onGap }),
    close: () => db.destroy(),
  };
}

interface Listening {
  connectionString: string;
  silenceMs: number | undefined;
  channel: string;
  callback: (payload: string) => void;
  onGap: (() => void) | undefined;
}

async function listenPostgres({
  connectionString,
  silenceMs = SILENCE_MS,
  channel,
  callback,
  onGap,
}: Listening) {
  let client: pg.Client | undefined;
  let stopped = false;
  let listened = false;
  let timer: NodeJS.Timeout | undefined;
  const connect = async (): Promise<void> => {
    const mine = (client = new pg.Client({ connectionString, ...endingSilence(silenceMs) }));
    let over = false;
    let hush = (): void => undefined;
    // A failure shows more than once, as a rejection, an error and an end: one of them connects again.
    const again = (): void => {
      hush();
      if (over || stopped) return;
      over = true;
      timer = setTimeout(() => void connect().catch(() => undefined), 500);
    };
    mine.on('notification', (message) => callback(message.payload ?? ''));
    mine.on('error', again);
    mine.on('end', again);
    try {
      await mine.connect();
      await mine.query(`listen ${channel}`);
      hush = keepSpeaking(mine, silenceMs);
      if (listened) onGap?.();
      listened = true;
    } catch (error) {
      again();
      throw error;
    }
  };
  await connect();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await client?.end();
  };
}

async function openEmbedded(folder: string | undefined, from?: Blob): Promise<Database> {
  const unlock = folder ? lockFile(`${folder}.lock`) : () => undefined;
  if (folder) mkdirSync(dirname(join(folder, 'x')), { recursive: true });
  const pglite = await PGlite.create(folder ? { dataDir: folder } : from ? { loadDataDir: from } : {});
  // It has one session, so a transaction must have it alone: a pool of one, never closed for idleness.
  const pool = new pg.Pool({
    max: 1,
    idleTimeoutMillis: 0,
    user: 'postgres',
    database: 'postgres',
    types,
    stream: () => new EmbeddedStream(pglite),
  });
  const callbacks = new Map<string, Set<(payload: string) => void>>();
  pool.on('connect', (client) =>
    client.on('notification', ({ channel, payload }) =>
      callbacks.get(channel)?.forEach((call) => call(payload ?? '')),
    ),
  );
  await pool.query(`set timezone to 'UTC'`);
  const { counted } = createUpkeep(pool);
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: preparing(pool, counted) }) });
  return {
    db,
    kind: 'embedded',
    listen: async (channel, callback) => {
      const all = callbacks.get(channel) ?? new Set();
      callbacks.set(channel, all.add(callback));
      await pool.query(`listen ${channel}`);
      return async () => void all.delete(callback);
    },
    close: async () => {
      await db.destroy();
      await pglite.close();
      unlock();
    },
  };
}
