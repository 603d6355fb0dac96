import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './plan.js';
import type { Stack } from './stack.js';
import { signal } from './supervised.js';

export interface Monkey {
  /** How many of which kind have been injected. */
  injected: Map<Fault['kind'], number>;
  /** No new faults; returns when the last one is over and everything is healed and ready. */
  stop(): Promise<void>;
}

/** On a slow machine lives take longer; the trouble does not. */
export const TROUBLE_MS = 90_000;

/** Injects one fault after another, overlapping, but never two in the same place. */
export function startMonkey(stack: Stack, faults: Fault[], note: (line: string) => void): Monkey {
  const injected: Monkey['injected'] = new Map();
  const busy = new Set<string>();
  const underWay = new Set<Promise<void>>();
  const stopping = new AbortController();

  async function run(): Promise<void> {
    for (const fault of faults) {
      await sleep(fault.pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      const place = placeOf(fault);
      if (busy.has(place)) continue;
      busy.add(place);
      injected.set(fault.kind, (injected.get(fault.kind) ?? 0) + 1);
      note(JSON.stringify(fault));
      const over: Promise<void> = inject(stack, fault)
        .catch((error: unknown) => note(`${fault.kind}: ${String(error)}`))
        .finally(() => {
          busy.delete(place);
          underWay.delete(over);
        });
      underWay.add(over);
    }
  }
  const window = setTimeout(() => stopping.abort(), TROUBLE_MS);
  const running = run().finally(() => clearTimeout(window));

  return {
    injected,
    stop: async () => {
      stopping.abort();
      await running;
      await Promise.all(underWay);
      for (const link of Object.values(stack.links)) link.heal();
      const nodes = Object.values(stack.temporal.nodes ?? {});
      await Promise.all([...nodes, ...Object.values(stack.processes)].map((process) => process.ready()));
      await stack.observed.sandbox.clearFaults();
      await stack.observed.sandbox.ask('DELETE', '/delivery-partner/modes');
      note('healed');
    },
  };
}

function placeOf(fault: Fault): string {
  if ('process' in fault) return fault.process;
  if ('node' in fault) return fault.node;
  if ('link' in fault) return `link ${fault.link}`;
  return fault.kind.replace(/^(kill|freeze|silence)-/, '');
}

async function inject(
  { processes, temporal, postgres, links, observed }: Stack,
  fault: Fault,
): Promise<void> {
  const { sandbox } = observed;
  switch (fault.kind) {
    case 'kill':
      await processes[fault.process].kill(fault.downMs);
      return processes[fault.process].ready();
    case 'crash-point':
      await processes[fault.process].crashAt(fault.point, 8_000);
      return processes[fault.process].ready();
    case 'freeze':
      return processes[fault.process].freeze(fault.ms);
    case 'kill-temporal':
      return temporal.restart?.();
    case 'kill-frontend':
    case 'kill-history':
    case 'kill-matching':
    case 'kill-temporal-worker':
      await temporal.nodes?.[fault.node].kill(fault.downMs);
      return temporal.nodes?.[fault.node].ready();
    case 'freeze-temporal': {
      const { pid = 0 } = temporal;
      signal(pid, 'SIGSTOP');
      await sleep(fault.ms);
      return signal(pid, 'SIGCONT');
    }
    case 'kill-postgres':
      await postgres.crash();
      await sleep(fault.downMs);
      return postgres.start();
    case 'freeze-postgres':
      postgres.freeze();
      await sleep(fault.ms);
      return postgres.thaw();
    case 'silence-postgres':
      links.postgres.silence(true);
      await sleep(fault.ms);
      return links.postgres.silence(false);
    case 'cut':
      return links[fault.link].cut();
    case 'lose-replies':
      return links[fault.link].dropReplies(fault.count);
    case 'refuse':
      links[fault.link].refuse(true);
      await sleep(fault.ms);
      return links[fault.link].refuse(false);
    case 'delay':
      links[fault.link].delay(fault.ms);
      await sleep(3_000);
      return links[fault.link].delay(0);
    case 'partner':
      await sandbox.fault(fault.fault);
      return;
    case 'partner-mode':
      await sandbox.modes(fault.mode);
      await sleep(fault.ms);
      await sandbox.ask('DELETE', '/delivery-partner/modes');
      return;
    case 'replay-webhooks':
      await sandbox.replay({ times: fault.times, reverse: fault.reverse });
  }
}
