import { resolve } from 'node:path';
import type { OrderView } from '../contract/api.js';
import { findConnection, type Connection } from './connection.js';
import type { CliEnvironment } from './environment.js';
import { exitCodes, type ExitCode } from './exit-codes.js';
import { CliFailure } from './failure.js';
import { createClient, type Client } from './http/client.js';
import { createLastOrder } from './last-order.js';
import type { Output } from './output.js';
import { nextSteps, type Step } from './render/next-steps.js';

export type Session = ReturnType<typeof createSession>;

interface GlobalOptions {
  url?: string;
  key?: string;
}

/** One run of one command: where it talks to, what `-` means, how it ends. */
export function createSession(env: CliEnvironment, options: GlobalOptions, output: Output) {
  const dataDir = resolve(env.cwd, env.dataDir);
  const lastOrder = createLastOrder(dataDir);
  const program = env.program ?? 'preorder';
  const connection: Connection = findConnection({
    url: options.url ?? env.url,
    operatorKey: options.key ?? env.operatorKey,
    supervisorKey: options.key ?? env.supervisorKey,
    sandboxUrl: env.sandboxUrl,
    dataDir,
  });
  const speakWith = (key: string | undefined): Client =>
    createClient({ base: `${connection.url}/api`, name: 'The API', key, program });
  const api = speakWith(connection.operatorKey);

  function id(given: string): string {
    const text = given.trim();
    if (text !== '-') return text.toLowerCase();
    const last = lastOrder.recall();
    if (last) return last;
    throw new CliFailure(
      exitCodes.notFound,
      'There is no last order.',
      'No command has touched an order from this folder yet.',
      [`${program} place-order places one; ${program} list shows those that are there.`],
    );
  }

  const suggest = (steps: Step[]): void => {
    if (steps.length === 0) return;
    output.talk('\nNext:');
    const lines = steps.map(({ command, why }) => ({ line: `  ${program} ${command}`, why }));
    const indent = Math.max(...lines.map(({ line }) => line.length)) + 2;
    const explain = lines.every(({ why }) => indent + why.length <= output.columns);
    for (const { line, why } of lines) {
      output.talk(
        explain && why
          ? output.paint.cyan(line.padEnd(indent)) + output.paint.dim(why)
          : output.paint.cyan(line),
      );
    }
  };

  return {
    program,
    output,
    api,
    /** For what only a supervisor may do. */
    supervisor: speakWith(connection.supervisorKey ?? connection.operatorKey),
    connection,
    exitCode: exitCodes.ok as ExitCode,
    remember: lastOrder.remember,
    /** The path of an order at the API; `-` is the last one, a unique beginning is enough. */
    path: (given: string, rest = ''): string => `/orders/${encodeURIComponent(id(given))}${rest}`,
    order: async (given: string, doing = 'look the order up'): Promise<OrderView> => {
      const order = await api.get<OrderView>(`/orders/${encodeURIComponent(id(given))}`, doing);
      lastOrder.remember(order.orderId);
      return order;
    },
    /** Ends an answer: the next possible commands. */
    suggest,
    suggestFor: (order: OrderView): void => {
      lastOrder.remember(order.orderId);
      suggest(nextSteps(order, connection.sandboxUrl !== undefined));
    },
    sandbox: (): Client => sandboxClient(connection, program),
  };
}

function sandboxClient({ sandboxUrl }: Connection, program: string): Client {
  if (sandboxUrl) return createClient({ base: `${sandboxUrl}/_sandbox`, name: 'The sandbox', program });
  throw new CliFailure(
    exitCodes.failure,
    'There is no sandbox.',
    'It plays the partners in development only, and nothing says where it runs.',
    ['Start everything with npm start, or set PREORDER_SANDBOX_URL.'],
  );
}
