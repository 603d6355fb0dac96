import { resolve } from 'node:path';
import { CommanderError } from 'commander';
import type { CliEnvironment } from './environment.js';
import { exitCodes, type ExitCode } from './exit-codes.js';
import { CliFailure } from './failure.js';
import { createLastOrder } from './last-order.js';
import { createOutput } from './output.js';
import { createProgram, UsageError } from './program.js';

export type { CliEnvironment } from './environment.js';

/** Runs one command and says how it ended. Never throws for what a person can cause. */
export async function runCli(argv: string[], env: CliEnvironment): Promise<number> {
  const color = env.color && !argv.includes('--no-color');
  const output = createOutput({ ...env, color }, argv.includes('--json'));
  let exitCode: ExitCode = exitCodes.ok;
  const program = createProgram({ ...env, color }, output, (code) => (exitCode = code));
  try {
    await program.parseAsync(argv.length > 0 ? argv : ['--help'], { from: 'user' });
    return exitCode;
  } catch (error) {
    // Help and version come this way, too.
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok;
    const failure = toFailure(error);
    if (failure.problem.orderId)
      createLastOrder(resolve(env.cwd, env.dataDir)).remember(failure.problem.orderId);
    output.fail(failure);
    return failure.exitCode;
  }
}

function toFailure(error: unknown): CliFailure {
  if (error instanceof CliFailure) return error;
  if (error instanceof UsageError) {
    const problem = { code: 'usage' };
    const failure = new CliFailure(exitCodes.usage, error.message, '', [error.help], problem);
    failure.usage = error.usage;
    return failure;
  }
  const why = error instanceof Error ? error.message : String(error);
  return new CliFailure(exitCodes.failure, 'This command broke: that is a bug of ours.', why, [
    'Please report it, with the command that you typed.',
  ]);
}
