export interface Latency {
  p50: number;
  p99: number;
}

/** One after another. Milliseconds. */
export async function latencyOf(count: number, work: () => Promise<void>): Promise<Latency> {
  const times: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const at = (share: number): number =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}

/** Per second, with so many callers that each wait for their answer. */
export async function throughputOf(
  count: number,
  callers: number,
  work: () => Promise<void>,
): Promise<number> {
  let left = count;
  const start = performance.now();
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return count / ((performance.now() - start) / 1000);
}

export const median = (values: number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
};
