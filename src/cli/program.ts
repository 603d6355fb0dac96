import { Command, type CommanderError } from 'commander';
import type { CliEnvironment } from './environment.js';
import { exitCodes, type ExitCode } from './exit-codes.js';
import type { Output } from './output.js';
import { createSession, type Session } from './session.js';
import { addHelp, footer } from './commands/help.js';
import { addOrderCommands, addShopCommands, addDevelopmentCommands } from './commands/index.js';

/** Wrong or missing arguments: what is wrong, and the usage of the command that was meant. */
export class UsageError extends Error {
  readonly usage: string;
  readonly help: string;
  constructor(message: string, command: Command) {
    super(message);
    const name = fullName(command);
    this.usage = `${name} ${command.usage()}`;
    this.help = `${name} --help says more.`;
  }
}

/** What a command is built with. */
export interface Kit {
  /** An action that is given the session of its run; what it returns is the exit code, when it is not 0. */
  action<A extends unknown[]>(
    run: (session: Session, ...args: A) => Promise<ExitCode | void>,
  ): (...args: A) => Promise<void>;
  /** For rules that commander cannot check. */
  misuse(message: string, command: Command): never;
  output: Output;
}

export function createProgram(
  env: CliEnvironment,
  output: Output,
  exitWith: (code: ExitCode) => void,
): Command {
  const program = new Command(env.program ?? 'preorder');
  configure(program, env, output);
  const kit: Kit = {
    output,
    action:
      (run) =>
      async (...args) =>
        exitWith((await run(createSession(env, program.opts(), output), ...args)) ?? exitCodes.ok),
    misuse: (message, command) => {
      throw new UsageError(message, command);
    },
  };
  addOrderCommands(program, kit);
  addShopCommands(program, kit);
  addDevelopmentCommands(program, kit);
  addSystemCommands(program);
  addHelp(program, kit);
  reportUsage(program);
  return program;
}

function configure(program: Command, env: CliEnvironment, output: Output): void {
  const { paint, columns } = output;
  program
    .description('Pre-orders on Temporal: paid, reserved, waiting for months, delivered or refunded.')
    .version(env.version, '--version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .option('--json', "print the API's JSON (see help json)")
    .option('--url <url>', 'where the API is')
    .option('--key <key>', "the operator key, or an order's token")
    .option('--no-color', 'print without colors')
    .showSuggestionAfterError(true)
    .configureHelp({
      helpWidth: columns,
      minWidthToWrap: 20,
      showGlobalOptions: true,
      subcommandTerm: (command) => `${command.name()}${argumentsOf(command)}`,
      commandDescription: (command) => sentence(command.description()),
      styleTitle: (title) => paint.bold(title),
      styleCommandText: (text) => paint.cyan(text),
    })
    .configureOutput({
      writeOut: (text) => output.write(text),
      // Errors are printed once, by runCli.
      writeErr: () => undefined,
      getOutHelpWidth: () => columns,
      getOutHasColors: () => env.color,
    })
    .addHelpText('after', () => footer(output, program.name()));
}

/** The roles that main.ts starts by itself; here only to be listed, and suggested after a typing error. */
function addSystemCommands(program: Command): void {
  program.commandsGroup('The system:');
  program.command('up').description('start everything here (npm start)');
  program.command('demo').description('every scenario, months in seconds');
  program.command('doctor').description('check this machine');
  program.command('promote').description('give the orders that run to this build, if it can carry them');
  program.command('api').description('run the HTTP API');
  program.command('worker').description('run a worker');
}

function argumentsOf(command: Command): string {
  return command.registeredArguments
    .map((each) => (each.required ? ` <${each.name()}>` : ` [${each.name()}]`))
    .join('');
}

function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();
}

function reportUsage(command: Command): void {
  command.exitOverride((error: CommanderError) => {
    if (error.exitCode === 0) throw error;
    if (error.code === 'commander.help') {
      const names = command.commands.map((each) => each.name()).join(', ');
      throw new UsageError(`A command is missing, one of: ${names}.`, command);
    }
    throw new UsageError(sentence(error.message), command);
  });
  command.commands.forEach(reportUsage);
}

function sentence(message: string): string {
  const text = message.replace(/^error: /, '').replace('\n(Did you mean', ' (Did you mean');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?)]$/.test(text) ? '' : '.'}`;
}
