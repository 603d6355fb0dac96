import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { kindsOf, type Fault } from './plan.js';

export interface Options {
  /** The seeds to run, without an end when only the time bounds the run. */
  seeds: Iterable<number>;
  /** No new seed begins after this instant (epoch ms). */
  until: number;
  orders: number;
  lanes: number;
  kinds: Fault['kind'][];
  folder: string;
  /** Temporal as several processes on PostgreSQL, instead of one on SQLite. */
  cluster: boolean;
  drop: { buyers: number; units: number } | undefined;
}

/**
 * `--seed N` repeats one; `--seeds N` runs so many, from a random one; `--minutes N` as many as begin within the time.
 */
export function readOptions(now: number): Options {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      seeds: { type: 'string' },
      minutes: { type: 'string' },
      orders: { type: 'string', default: '40' },
      lanes: { type: 'string', default: '12' },
      faults: { type: 'string' },
      cluster: { type: 'boolean', default: false },
      folder: { type: 'string', default: join(tmpdir(), `preorder-chaos-${process.pid}`) },
      drop: { type: 'boolean', default: false },
      buyers: { type: 'string', default: '2000' },
      units: { type: 'string', default: '500' },
    },
  });
  const { cluster } = values;
  const all = kindsOf(cluster);
  const kinds = values.faults?.split(',').map((name) => {
    const kind = all.find((each) => each === name);
    if (!kind) throw new Error(`--faults ${name}: one of ${all.join(', ')}`);
    return kind;
  });
  const first = values.seed === undefined ? Math.floor(Math.random() * 1_000_000) : Number(values.seed);
  const count = Number(values.seeds ?? (values.minutes && values.seed === undefined ? Infinity : 1));
  return {
    seeds: consecutive(first, count),
    until: now + Number(values.minutes ?? Infinity) * 60_000,
    orders: Number(values.orders),
    lanes: Number(values.lanes),
    kinds: kinds ?? all,
    cluster,
    folder: values.folder,
    drop: values.drop ? { buyers: Number(values.buyers), units: Number(values.units) } : undefined,
  };
}

function* consecutive(first: number, count: number): Generator<number> {
  for (let i = 0; i < count; i += 1) yield first + i;
}
