/** The first decision stands; every later one is told so. */
export interface Latch<T> {
  /** True when this call decided. */
  decide(value: T): boolean;
  readonly decision: T | undefined;
}

export function createLatch<T>(): Latch<T> {
  let decision: T | undefined;
  return {
    decide(value) {
      if (decision !== undefined) return false;
      decision = value;
      return true;
    },
    get decision() {
      return decision;
    },
  };
}
