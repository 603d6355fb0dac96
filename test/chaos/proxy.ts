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
  /** Holds every piece back for so long, in both directions. */
  delay(ms: number): void;
  /** The next replies do not arrive: the connection breaks when the other side begins to answer. */
  dropReplies(count: number): void;
  heal(): void;
  close(): Promise<void>;
}

/** `upstreams`: ports on this machine; each connection goes to the next of them that answers. */
export async function createProxy(upstreams: number[]): Promise<Proxy> {
  const links = new Set<Socket>();
  const state = { refusing: false, delayMs: 0, dropping: 0 };
  let turn = 0;
  let refused = 0;

  const server = createServer((client) => {
    if (state.refusing) {
      refused += 1;
      client.destroy();
      return;
    }
    const upstream = new Link(client, state);
    turn += 1;
    upstream.open(upstreams.map((_port, i) => upstreams[(turn + i) % upstreams.length] ?? 0));
    links.add(client);
    client.once('close', () => links.delete(client));
  });
  await listening(server);
  const cut = (): void => links.forEach((client) => client.destroy());
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
    delay: (ms) => void (state.delayMs = ms),
    dropReplies: (count) => void (state.dropping = count),
    heal: () => void Object.assign(state, { refusing: false, delayMs: 0, dropping: 0 }),
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface State {
  delayMs: number;
  dropping: number;
}

/** One connection through the proxy: when either side goes, so does the other. */
class Link {
  private readonly client: Socket;
  private readonly state: State;
  private asked = false;

  constructor(client: Socket, state: State) {
    this.client = client;
    this.state = state;
    client.setNoDelay(true);
    client.pause();
    client.on('error', () => client.destroy());
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
    upstream.setNoDelay(true);
    upstream.once('close', () => client.destroy());
    client.once('close', () => upstream.destroy());
    if (client.destroyed) return void upstream.destroy();
    client.on('end', () => upstream.end());
    upstream.on('end', () => client.end());
    const toServer = this.sender(upstream);
    const toClient = this.sender(client);
    client.on('data', (piece: Buffer) => {
      this.asked = true;
      toServer(piece);
    });
    upstream.on('data', (piece: Buffer) => {
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
