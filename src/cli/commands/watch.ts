import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import type { OrderView } from '../../contract/api.js';
import { isFinal } from '../../domain/lifecycle.js';
import { exitCodes } from '../exit-codes.js';
import { CliFailure } from '../failure.js';
import type { Kit } from '../program.js';
import { createLineScreen, createLiveScreen, type Screen } from '../render/screens.js';
import type { Session } from '../session.js';
import { examples, orderArgument } from './arguments.js';

const POLL_MS = 1000;
/** A restart of the API takes seconds: watching outlives it, but not for ever. */
const PATIENCE = 60;

export function addWatch(program: Command, kit: Kit): void {
  const command = program
    .command('watch')
    .addArgument(orderArgument())
    .summary('follow it until it ends')
    .description(
      'Follows an order until it ends: redrawn with a countdown on a terminal, else a line per change.',
    )
    .action(kit.action(watch));
  examples(command, 'watch po_1m87', 'watch - --json   # one line of JSON per change');
}

async function watch(session: Session, given: string): Promise<void> {
  const { output } = session;
  const screen = output.live ? createLiveScreen(output) : createLineScreen(output);
  let order = await session.order(given);
  screen.show(order);
  while (!isFinal(order.status) && !output.closed()) {
    await pause(POLL_MS);
    order = await patiently(session, order.orderId, screen);
    screen.show(order);
  }
  session.suggestFor(order);
}

async function patiently(session: Session, id: string, screen: Screen): Promise<OrderView> {
  for (let failed = 0; ; failed++) {
    try {
      return await session.order(id);
    } catch (error) {
      if (!passes(error) || failed >= PATIENCE) throw error;
      if (failed === 0) {
        session.output.note('The API does not answer; trying again …');
        screen.interrupted();
      }
      await pause(POLL_MS);
    }
  }
}

function passes(error: unknown): boolean {
  if (!(error instanceof CliFailure)) return false;
  const { unreachable, notConfirmed } = exitCodes;
  return error.exitCode === unreachable || error.exitCode === notConfirmed || error.problem.status >= 500;
}
