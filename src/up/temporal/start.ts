import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { rotateLog } from './child.js';
import { isPassing, serverVersionOf } from './connect.js';
import { createGroup } from './group.js';
import { until } from './poll.js';
import { choosePort, isListening } from './ports.js';
import { prepare } from './prepare.js';
import type { Ports, Program, TemporalHandle, TemporalOptions } from './types.js';

const DATABASES = ['temporal.db', 'visibility.db', 'temporal-cli.db'];

/** Starts a program of ours and returns when it is ready for orders. */
export async function startOwn(program: Program, options: TemporalOptions): Promise<TemporalHandle> {
  await mkdir(options.dataDir, { recursive: true });
  if (options.fresh) await forget(options.dataDir);
  try {
    return await startOnce(program, options);
  } catch (error) {
    // A port that was free when we looked may be gone when the server asks for it.
    if (!/address already in use/.test(String(error))) throw error;
    return startOnce(program, options);
  }
}

async function forget(dataDir: string): Promise<void> {
  const files = DATABASES.flatMap((name) => [name, `${name}-wal`, `${name}-shm`]);
  await Promise.all(files.map((name) => rm(join(dataDir, name), { force: true })));
}

async function startOnce(program: Program, options: TemporalOptions): Promise<TemporalHandle> {
  const { dataDir, namespace, say } = options;
  const started = Date.now();
  const ports = await choosePorts(options);
  const [server, ...others] = await program.plan(ports, options);
  await Promise.all([server, ...others].map(({ logFile }) => rotateLog(logFile)));
  const group = createGroup(server, others, dataDir, say);
  const becomeReady = (giveUp: AbortSignal) => ready(ports, options, giveUp);
  const { serverVersion, timeSkipping } = await group.start(becomeReady);
  await until('the Temporal UI', () => isListening(ports.ui), { timeoutMs: 5_000 }).catch((error: Error) =>
    say(`${error.message}. Temporal works without it.`),
  );

  const [address, uiUrl] = [`127.0.0.1:${ports.grpc}`, `http://127.0.0.1:${ports.ui}`];
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  say(`Temporal ${serverVersion} is ready on ${address} after ${seconds} s, its UI on ${uiUrl}`);
  return {
    ...{ address, namespace, uiUrl, source: program.source, timeSkipping, serverVersion },
    get pid() {
      return group.serverPid;
    },
    stop: () => group.stop(),
    restart: () => group.restartServer(becomeReady),
  };
}

async function choosePorts({ ports = {}, say }: TemporalOptions): Promise<Ports> {
  const grpc = await choosePort(ports.grpc ?? 7233, 'Temporal', say);
  const ui = await choosePort(ports.ui ?? 8233, 'the Temporal UI', say);
  return { grpc, ui };
}

async function ready({ grpc }: Ports, options: TemporalOptions, giveUp: AbortSignal) {
  const target = { address: `127.0.0.1:${grpc}` };
  const patience = { giveUp, retryable: isPassing };
  // gRPC waits a second after each refused connection; a bare socket tells sooner.
  await until(`Temporal on port ${grpc}`, () => isListening(grpc), patience);
  let serverVersion = '';
  const ask = async () => Boolean((serverVersion = await serverVersionOf(target)));
  await until('the Temporal frontend', ask, patience);
  return { serverVersion, ...(await prepare(target, options, { ours: true, giveUp })) };
}
