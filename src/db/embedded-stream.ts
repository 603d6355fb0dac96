import type { PGlite } from '@electric-sql/pglite';
import { Duplex } from 'node:stream';

/**
 * The connection of a `pg` client that ends in this process: PostgreSQL's own protocol, without a socket, so that one
 * driver, its parsers and its prepared statements serve both kinds of database.
 */
export class EmbeddedStream extends Duplex {
  private readonly pglite: PGlite;

  constructor(pglite: PGlite) {
    super();
    this.pglite = pglite;
  }

  connect(): this {
    setImmediate(() => this.emit('connect'));
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    const onRawData = (answer: Uint8Array): void => void this.push(Buffer.from(answer));
    this.pglite.execProtocolRawStream(chunk, { onRawData }).then(
      () => done(),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
    );
  }

  /** What one query says comes in several pieces: they go in as one, as they would through a socket. */
  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error) => void): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'binary', done);
  }

  override _final(done: () => void): void {
    done();
    this.push(null);
  }
}
