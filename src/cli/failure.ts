import type { Problem } from '../contract/api.js';
import type { ExitCode } from './exit-codes.js';

/** A problem as --json prints it: the API's own, or one of the same shape made here (then `status` is 0). */
export type CliProblem = Problem & { exitCode: ExitCode; idempotencyKey?: string };

/** What happened, why, and what to do; the only error a person ever sees. */
export class CliFailure extends Error {
  readonly exitCode: ExitCode;
  readonly why: string;
  readonly todo: string[];
  readonly problem: CliProblem;
  /** How the command is written, when that was the mistake. */
  usage: string | undefined;

  constructor(exitCode: ExitCode, what: string, why: string, todo: string[], problem: Partial<Problem> = {}) {
    super(what);
    this.exitCode = exitCode;
    this.why = why;
    this.todo = todo;
    const { code = 'failed', ...rest } = problem;
    this.problem = {
      type: `/problems/${code}`,
      title: what,
      status: 0,
      code,
      detail: why || what,
      requestId: '',
      ...rest,
      exitCode,
    };
  }
}
