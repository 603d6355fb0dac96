import { Argument, InvalidArgumentError, Option, type Command } from 'commander';

/** The order that a command is about. */
export const orderArgument = (): Argument =>
  new Argument('<id>', 'order id, a unique beginning of it, or - for the last order');

export const idempotencyKeyOption = (): Option =>
  new Option(
    '--idempotency-key <key>',
    'repeats with the same key do nothing twice (default: a random UUID)',
  );

/** A whole number within limits, for commander. */
export function whole(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= min && number <= max) return number;
    throw new InvalidArgumentError(`Give a whole number from ${min} to ${max}.`);
  };
}

export function examples(command: Command, ...lines: string[]): void {
  command.addHelpText('after', () => {
    let root = command;
    while (root.parent) root = root.parent;
    return ['', 'Examples:', ...lines.map((line) => `  ${root.name()} ${line}`)].join('\n');
  });
}
