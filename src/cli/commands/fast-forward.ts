import { Option, type Command } from 'commander';
import type { OrderView } from '../../contract/api.js';
import { parseDuration } from '../../domain/deadline.js';
import { exitCodes } from '../exit-codes.js';
import { CliFailure } from '../failure.js';
import type { Kit } from '../program.js';
import { orderPage } from '../render/order-page.js';
import type { Session } from '../session.js';
import { examples, orderArgument } from './arguments.js';

interface Options {
  to?: 'release' | 'deadline';
  by?: string;
}

/** The server needs about a second for each timer on the way. */
const TIMEOUT_MS = 180_000;

export function addFastForward(program: Command, kit: Kit): void {
  const command = program
    .command('fast-forward')
    .addArgument(orderArgument())
    .summary('months in a second')
    .description('Moves the time of one order on the real engine, months in a second. Development only.')
    .addOption(new Option('--to <when>', 'to this date').choices(['release', 'deadline']).conflicts('by'))
    .option('--by <duration>', 'by so much: 30d, 36h, 15m, 1d12h')
    .action(
      kit.action(async (session, id: string, options: Options) => {
        if (!options.to && !options.by)
          kit.misuse('Say how far: --to release, --to deadline, or --by 30d.', command);
        if (options.by && !parseDuration(options.by))
          kit.misuse(`"${options.by}" is no duration such as 30d, 36h, 15m.`, command);
        await fastForward(session, id, options);
      }),
    );
  examples(command, 'fast-forward - --to release', 'fast-forward po_1m87 --by 30d');
}

async function fastForward(session: Session, id: string, { to, by }: Options): Promise<void> {
  const { output } = session;
  output.note("Asking to move the order's clock; each timer on the way takes about a second …");
  const ask = { doing: "move the order's time", body: to ? { to } : { by }, timeoutMs: TIMEOUT_MS };
  const { body: order } = await session.api
    .post<OrderView>(session.path(id, '/fast-forward'), ask)
    .catch((error: unknown) => {
      throw notInProduction(error);
    });
  await output.answer(order, () => orderPage(order, output));
  session.suggestFor(order);
}

/** Outside development the API does not know the path at all. */
function notInProduction(error: unknown): unknown {
  if (!(error instanceof CliFailure) || !error.problem.detail.startsWith('POST ')) return error;
  return new CliFailure(
    exitCodes.notAllowed,
    error.message,
    'This API does not move time: that is for development only.',
    ['npm start runs a stack of your own that does.'],
    { ...error.problem, code: 'not_in_development' },
  );
}
