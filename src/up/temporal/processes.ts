import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** The command line of a living process; empty for one that is gone or a zombie. */
export function commandOf(pid: number): string {
  if (process.platform !== 'linux') return fromPs(pid, 'command=');
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

/** Tells a process from a later one that was given the same pid. */
export function startStampOf(pid: number): string {
  if (process.platform !== 'linux') return fromPs(pid, 'lstart=');
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in parentheses, may hold spaces: count the fields behind it. Field 22 is the start time.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function fromPs(pid: number, column: string): string {
  try {
    const output = execFileSync('ps', ['-o', column, '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return output.includes('<defunct>') ? '' : output.trim();
  } catch {
    return '';
  }
}

/** Stops a process that is not our child, so that only looking tells when it is gone. */
export async function stopPid(pid: number, graceMs = 5_000): Promise<void> {
  const stamp = startStampOf(pid);
  const running = () => commandOf(pid) !== '' && startStampOf(pid) === stamp;
  const goneWithin = async (ms: number) => {
    for (const end = Date.now() + ms; Date.now() < end && running();) await sleep(25);
    return !running();
  };
  send(pid, 'SIGTERM');
  if (await goneWithin(graceMs)) return;
  send(pid, 'SIGKILL');
  await goneWithin(graceMs);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself.
  }
}

/** What a program prints, or undefined when there is no such program or it fails. */
export async function outputOf(
  command: string,
  args: string[],
  timeoutMs = 10_000,
): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(command, args, { timeout: timeoutMs });
    return stdout;
  } catch {
    return undefined;
  }
}
