import pc from 'picocolors';
import type { CliEnvironment } from './environment.js';
import type { CliFailure } from './failure.js';
import { wrap } from './render/text.js';

export type Paint = ReturnType<typeof pc.createColors>;
export type Output = ReturnType<typeof createOutput>;

type Surroundings = Pick<CliEnvironment, 'stdout' | 'stderr' | 'isTTY' | 'columns' | 'color'>;

/** Data goes to stdout, talk to stderr. With --json there is no talk, and an error is a problem in JSON. */
export function createOutput(env: Surroundings, json: boolean) {
  const paint = pc.createColors(env.color);
  const columns = Math.max(40, env.columns || 80);
  let closed = false;
  // A reader that has seen enough (| head) is no error.
  for (const stream of [env.stdout, env.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      closed = true;
    });
  }
  const write = (text: string): void => void env.stdout.write(text);

  function talk(text = ''): void {
    if (!json) env.stderr.write(`${text}\n`);
  }

  /** Talk that may be skipped by the eye. */
  function note(text: string): void {
    for (const line of wrap(text, columns)) talk(paint.dim(line));
  }

  function labelled(label: string, text: string): void {
    wrap(text, columns - 10).forEach((line, i) => talk(`  ${paint.dim((i ? '' : label).padEnd(8))}${line}`));
  }

  return {
    json,
    /** Nobody reads any more. */
    closed: () => closed,
    paint,
    columns,
    /** A terminal that can be redrawn. */
    live: env.isTTY && !json,
    /** What tables may use: all they need when nobody looks, so that nothing is cut. */
    tableWidth: env.isTTY ? columns : Infinity,
    write,
    /** An answer: the API's own JSON, or the same for people. */
    async answer(value: unknown, text: () => string | Promise<string>): Promise<void> {
      write(json ? `${JSON.stringify(value ?? {}, null, 2)}\n` : `${await text()}\n`);
    },
    talk,
    note,
    fail(failure: CliFailure): void {
      if (json) {
        env.stderr.write(`${JSON.stringify(failure.problem, null, 2)}\n`);
        return;
      }
      const [first = '', ...rest] = wrap(failure.message, columns - 7);
      talk(`${paint.red(paint.bold('Error:'))} ${[first, ...rest].join('\n       ')}`);
      if (failure.why) labelled('Why:', failure.why);
      if (failure.usage) labelled('Usage:', failure.usage);
      failure.todo.forEach((line, i) => labelled(i ? '' : 'Do:', line));
    },
  };
}
