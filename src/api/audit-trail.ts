import { writeAudit, type AuditEntry } from '../db/audit.js';
import type { Db } from '../db/database.js';

export interface AuditTrail {
  /** Resolves when the entry is written, or could not be: the command is done, and is never undone for its audit. */
  record(entry: AuditEntry): Promise<void>;
  close(): Promise<void>;
}

interface Settings {
  db: Db;
  now: () => number;
  onError: (error: unknown, entries: AuditEntry[]) => void;
  /** Refusals of callers without a machine key that are listed; the others of that minute are one entry, counted. */
  refusalsPerMinute?: number;
  retryAfterMs?: number;
}

const MINUTE_MS = 60_000;
/** What a database that is away for long may cost of memory; more is in the log alone. */
const MOST_UNWRITTEN = 1_000;

export function createAuditTrail(settings: Settings): AuditTrail {
  const { now, refusalsPerMinute = 100 } = settings;
  const writer = createWriter(settings);
  const minutes = new Map<string, Minute>();

  interface Minute {
    endsAt: number;
    listed: number;
    counted?: AuditEntry;
    timer?: NodeJS.Timeout;
  }

  async function end(caller: string): Promise<void> {
    const { timer, counted } = minutes.get(caller) ?? {};
    minutes.delete(caller);
    clearTimeout(timer);
    if (counted) await writer.write(counted);
  }

  /** A flood of strangers must not fill the table: past a limit they are counted. */
  function bounded(entry: AuditEntry): Promise<void> {
    let minute = minutes.get(entry.caller);
    if (!minute || now() >= minute.endsAt) {
      void end(entry.caller);
      minute = { endsAt: now() + MINUTE_MS, listed: 0 };
      minutes.set(entry.caller, minute);
    }
    if (minute.listed < refusalsPerMinute) {
      minute.listed += 1;
      return writer.write(entry);
    }
    if (minute.counted) minute.counted.times += 1;
    else {
      minute.counted = { ...entry, action: 'several', code: 'several', keyId: null, orderId: null };
      minute.timer = setTimeout(() => void end(entry.caller), minute.endsAt - now()).unref();
    }
    return Promise.resolve();
  }

  return {
    record: (entry) =>
      entry.outcome === 'refused' && ['anonymous', 'customer'].includes(entry.caller)
        ? bounded(entry)
        : writer.write(entry),
    close: async () => {
      for (const caller of [...minutes.keys()]) await end(caller);
      await writer.close();
    },
  };
}

/** One insert for all that came while the last one was under way. What could not be written is tried again. */
function createWriter({ db, onError, retryAfterMs = 5_000 }: Settings) {
  let unwritten: AuditEntry[] = [];
  let next: { entries: AuditEntry[]; done: Promise<void> } | undefined;
  let last = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  async function flush(entries: AuditEntry[]): Promise<void> {
    const all = [...unwritten, ...entries];
    unwritten = [];
    if (all.length === 0) return;
    try {
      await writeAudit(db, all);
    } catch (error) {
      onError(error, entries);
      unwritten = [...all, ...unwritten].slice(-MOST_UNWRITTEN);
      clearTimeout(timer);
      timer = setTimeout(() => void append([]), retryAfterMs).unref();
    }
  }

  function append(entries: AuditEntry[]): Promise<void> {
    if (next) {
      next.entries.push(...entries);
      return next.done;
    }
    const batch = { entries: [...entries], done: Promise.resolve() };
    batch.done = last.then(() => {
      next = undefined;
      return flush(batch.entries);
    });
    next = batch;
    last = batch.done;
    return batch.done;
  }

  return {
    write: (entry: AuditEntry) => append([entry]),
    close: async () => {
      await append([]);
      clearTimeout(timer);
    },
  };
}
