import Table from 'cli-table3';
import type { SeedResult } from './seed-run.js';

const counts = (map: Map<string, number>): string =>
  [...map].map(([what, count]) => `${count} ${what}`).join(', ') || 'none';

/** One line as soon as a seed is done, and under it what it violated. */
export function seedLine({ seed, orders, seconds, injected, violations, folder, again }: SeedResult): string {
  const faults = [...injected.values()].reduce((sum, count) => sum + count, 0);
  const line = `seed ${seed}: ${orders} orders, ${faults} faults (${counts(injected)}), ${seconds} s: `;
  if (violations.length === 0) return `${line}nothing lost`;
  const shown = violations.map((text) => `    ${text}`);
  return [
    `${line}${violations.length} violations`,
    ...shown,
    `    again: npm run chaos -- ${again}    logs: ${folder}`,
  ].join('\n');
}

export function summary(results: SeedResult[]): string {
  const table = new Table({
    head: ['seed', 'orders', 'ends', 'faults', 'seconds', 'violations'],
    style: { head: [], border: [], compact: true },
  });
  for (const { seed, orders, ends, injected, seconds, violations } of results) {
    const faults = [...injected.values()].reduce((sum, count) => sum + count, 0);
    table.push([seed, orders, counts(ends), faults, seconds, violations.length]);
  }
  return table.toString();
}
