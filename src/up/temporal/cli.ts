import { join } from 'node:path';
import { dynamicConfig, pragmas } from './config.js';
import { outputOf } from './processes.js';
import type { Program, Say, TemporalSource } from './types.js';
import { atLeast, MINIMUM_SERVER, serverOfCli } from './versions.js';

/** A `temporal` CLI brings server and UI in one program, if its server is young enough. */
export async function findCli(
  command: string,
  source: TemporalSource,
  say: Say,
  ask = outputOf,
): Promise<Program | undefined> {
  const output = await ask(command, ['--version']);
  if (output === undefined) {
    if (source === 'cli') say(`No ${command} CLI on PATH.`);
    return undefined;
  }
  const version = serverOfCli(output);
  if (!version || !atLeast(version, MINIMUM_SERVER)) {
    say(
      `${command}: its server is ${version ?? 'of an unknown version'}, ${MINIMUM_SERVER} is needed: not used.`,
    );
    return undefined;
  }
  say(`Using ${command} with server ${version}.`);
  return cliProgram(command, source);
}

function cliProgram(command: string, source: TemporalSource): Program {
  return {
    source,
    async plan(ports, { dataDir, codecEndpoint }) {
      const server = { name: 'temporal', command, logFile: join(dataDir, 'temporal.log') };
      return [{ ...server, args: startDevArguments(ports, join(dataDir, 'temporal-cli.db'), codecEndpoint) }];
    },
  };
}

/** No --namespace: made by the CLI it would forget finished workflows after a day; prepare() makes it. */
export function startDevArguments(
  ports: { grpc: number; ui: number },
  database: string,
  codecEndpoint?: string,
): string[] {
  const pairs = (flag: string, values: [key: string, value: string][]) =>
    values.flatMap(([key, value]) => [flag, `${key}=${value}`]);
  const dynamic = Object.entries(dynamicConfig).map(([key, value]): [string, string] => [
    key,
    JSON.stringify(value),
  ]);
  return [
    ...[
      'server',
      'start-dev',
      '--ip',
      '127.0.0.1',
      '--port',
      String(ports.grpc),
      '--ui-port',
      String(ports.ui),
    ],
    ...['--db-filename', database, '--log-level', 'warn'],
    ...(codecEndpoint ? ['--ui-codec-endpoint', codecEndpoint] : []),
    ...pairs('--sqlite-pragma', Object.entries(pragmas)),
    ...pairs('--dynamic-config-value', dynamic),
  ];
}
