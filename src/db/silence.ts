import { Socket } from 'node:net';
import type pg from 'pg';

/** Longer than any statement of ours takes, shorter than a person waits. */
export const SILENCE_MS = 30_000;

/**
 * A network that drops packets says nothing: without a limit our side waits for its answer, and PostgreSQL, with the
 * locks of the open transaction, for our next statement, each for hours. A socket that has been silent for so long breaks,
 * like any other that does; the server ends the statement or transaction by itself.
 */
export function endingSilence(silenceMs: number): pg.ClientConfig {
  const stream = (): Socket => {
    const socket = new Socket();
    const give = (): Socket => socket.destroy(new Error(`PostgreSQL has been silent for ${silenceMs} ms`));
    return socket.setTimeout(silenceMs, give);
  };
  return { stream, statement_timeout: silenceMs, idle_in_transaction_session_timeout: silenceMs };
}

/** A connection that only listens must speak now and then to know that it is heard. Returns what ends that. */
export function keepSpeaking(client: pg.Client, silenceMs: number): () => void {
  let asking = false;
  const ask = async (): Promise<void> => {
    if (asking) return;
    asking = true;
    await client.query('select 1').catch(() => undefined);
    asking = false;
  };
  const timer = setInterval(() => void ask(), silenceMs / 3);
  return () => clearInterval(timer);
}
