import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP proxy that can do to a connection what networks do. */
export interface Proxy {
  port: number;
  /** How many connections it has refused. */
  readonly refused: number;
  /** Breaks every connection now. */
  cut(): void;
  /** Breaks every connection and refuses new ones, until told otherwise. */
  refuse(yes: boolean): void;
  /**
   * Swallows everything, in both directions, and breaks nothing: what is connected now is silent for ever, what connects
   * meanwhile too.
   */
  silence(yes: boolean): void;
  /** Holds every piece back for so long, in both directions. */
  delay(ms: number): void;
  /** The next replies do not arrive: the connection breaks when the other side begins to answer. */
  dropReplies(count: number): void;
  heal(): void;
  close(): Promise<void>;
}

/** `upstreams`: ports on this machine; each connection goes to the next of them that answers. */
export async function createProxy(upstreams: number[]): Promise<Proxy> {
  const state = { refusing: false, silent: false, delayMs: 0, dropping: 0 };
  const links = new Set<Link>();
  let turn = 0;
  let refused = 0;

  const server = createServer((client) => {
    if (state.refusing) {
      refused += 1;
      client.destroy();
      return;
    }
    const link = new Link(client, state);
    turn += 1;
    link.open(upstreams.map((_port, i) => upstreams[(turn + i) % upstreams.length] ?? 0));
    links.add(link);
    client.once('close', () => link.silent || links.delete(link));
  });
  await listening(server);
  const cut = (): void => links.forEach((link) => link.silent || link.end());
  return {
    port: (server.address() as AddressInfo).port,
    get refused() {
      return refused;
    },
    cut,
    refuse: (yes) => {
      state.refusing = yes;
      if (yes) cut();
    },
    silence: (yes) => {
      state.silent = yes;
      if (yes) links.forEach((link) => (link.silent = true));
    },
    delay: (ms) => void (state.delayMs = ms),
    dropReplies: (count) => void (state.dropping = count),
    heal: () => void Object.assign(state, { refusing: false, silent: false, delayMs: 0, dropping: 0 }),
    close: async () => {
      links.forEach((link) => link.end());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface State {
  silent: boolean;
  delayMs: number;
  dropping: number;
}

/** One connection through the proxy: when either side goes, so does the other, unless it is silent. */
class Link {
  private readonly client: Socket;
  private readonly state: State;
  private upstream: Socket | undefined;
  private asked = false;
  /** Neither side hears of the other any more, not even that it is gone. */
  silent: boolean;

  constructor(client: Socket, state: State) {
    this.client = client;
    this.state = state;
    this.silent = state.silent;
    client.setNoDelay(true);
    client.pause();
    client.on('error', () => client.destroy());
  }

  end(): void {
    this.client.destroy();
    this.upstream?.destroy();
  }

  open([port, ...others]: number[]): void {
    if (port === undefined || this.client.destroyed) return void this.client.destroy();
    const upstream = connect({ port, host: '127.0.0.1' });
    const next = (): void => this.open(others);
    upstream.once('error', next);
    upstream.once('connect', () => {
      upstream.off('error', next);
      upstream.on('error', () => upstream.destroy());
      this.join(upstream);
    });
  }

  private join(upstream: Socket): void {
    const { client } = this;
    this.upstream = upstream;
    upstream.setNoDelay(true);
    upstream.once('close', () => this.silent || client.destroy());
    client.once('close', () => this.silent || upstream.destroy());
    if (client.destroyed && !this.silent) return void upstream.destroy();
    client.on('end', () => this.silent || upstream.end());
    upstream.on('end', () => this.silent || client.end());
    const toServer = this.sender(upstream);
    const toClient = this.sender(client);
    client.on('data', (piece: Buffer) => {
      this.asked = true;
      if (!this.silent) toServer(piece);
    });
    upstream.on('data', (piece: Buffer) => {
      if (this.silent) return;
      if (this.asked && this.state.dropping > 0) {
        this.state.dropping -= 1;
        client.destroy();
      } else toClient(piece);
    });
    client.resume();
  }

  /** Keeps the order of the pieces, whatever the delay becomes meanwhile. */
  private sender(to: Socket): (piece: Buffer) => void {
    let last: Promise<void> | undefined;
    const write = (piece: Buffer): void => void (to.destroyed || to.write(piece));
    return (piece) => {
      const { delayMs } = this.state;
      if (delayMs === 0 && !last) return write(piece);
      const due = new Promise((resolve) => setTimeout(resolve, delayMs));
      const mine: Promise<void> = Promise.all([last, due]).then(() => {
        write(piece);
        if (last === mine) last = undefined;
      });
      last = mine;
    };
  }
}

function listening(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}
