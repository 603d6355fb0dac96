import { DefaultLogger, Runtime } from '@temporalio/worker';
import { runDrop } from './drop.js';
import { readOptions } from './options.js';
import { seedLine, summary } from './report.js';
import { runSeed, type SeedResult } from './seed-run.js';

/** `npm run chaos`: orders in real processes that are killed, cut off and lied to; exit 1 if anything is lost. */
Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const options = readOptions(Date.now());
const say = (line: string): void => void process.stdout.write(`${line}\n`);
say(`logs: ${options.folder}`);
const results: SeedResult[] = [];
for (const seed of options.seeds) {
  if (Date.now() > options.until) break;
  const { drop } = options;
  const result = drop ? await runDrop({ ...options, ...drop, seed }) : await runSeed({ ...options, seed });
  results.push(result);
  say(seedLine(result));
}
say(summary(results));
process.exit(results.some(({ violations }) => violations.length > 0) ? 1 : 0);
