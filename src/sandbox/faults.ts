import { z } from 'zod';
import { faultKinds, operations } from '../contract/faults.js';
import { newId } from './ids.js';
import type { Store } from './store.js';

export type Target = keyof typeof operations;
export type Operation<T extends Target = Target> = (typeof operations)[T][number];
export type FaultKind = (typeof faultKinds)[number];

const targets = Object.keys(operations) as [Target, ...Target[]];

export const faultSchema = z
  .strictObject({
    target: z.enum(targets),
    operation: z.string().optional(),
    kind: z.enum(faultKinds),
    times: z.int().min(1).optional(),
    match: z.string().min(1).optional(),
    retryAfterSeconds: z.number().min(0).optional(),
    delayMs: z.number().min(0).max(600_000).optional(),
  })
  .superRefine((fault, context) => {
    const allowed: readonly string[] = operations[fault.target];
    if (fault.operation !== undefined && !allowed.includes(fault.operation)) {
      const message = `Unknown operation of ${fault.target}: expected one of ${allowed.join(', ')}`;
      context.addIssue({ code: 'custom', path: ['operation'], message });
    }
    if (fault.kind === 'stored_500' && fault.target !== 'payment-gateway') {
      const message = 'stored_500 needs idempotency keys, which only payment-gateway has';
      context.addIssue({ code: 'custom', path: ['kind'], message });
    }
  });

export type Fault = z.infer<typeof faultSchema> & { id: string; hits: number };
export type Faults = ReturnType<typeof createFaults>;

export function createFaults(store: Store) {
  const faults = store.collection<Fault>('faults');
  let count = [...faults.values()].length;

  function applies(fault: Fault, target: Target, operation: Operation): boolean {
    return (
      fault.target === target &&
      (fault.operation === undefined || fault.operation === operation) &&
      (fault.times === undefined || fault.hits < fault.times)
    );
  }

  return {
    add(input: z.infer<typeof faultSchema>): Fault {
      const fault = { id: newId('fault'), ...input, hits: 0 };
      faults.put(fault.id, fault);
      count++;
      return fault;
    },
    /** The oldest fault for this call, counted as a hit. `mentions` is asked only when a fault has a `match`. */
    take(
      target: Target,
      operation: Operation,
      mentions: () => string,
      accepts: (kind: FaultKind) => boolean = () => true,
    ): Fault | undefined {
      if (count === 0) return undefined;
      let text: string | undefined;
      for (const fault of faults.values()) {
        if (!applies(fault, target, operation) || !accepts(fault.kind)) continue;
        if (fault.match !== undefined && !(text ??= mentions()).includes(fault.match)) continue;
        const hit = { ...fault, hits: fault.hits + 1 };
        faults.put(fault.id, hit);
        return hit;
      }
      return undefined;
    },
    list: (): Fault[] => [...faults.values()],
    remove(id: string): boolean {
      if (!faults.get(id)) return false;
      faults.delete(id);
      count--;
      return true;
    },
    clear(): void {
      faults.clear();
      count = 0;
    },
  };
}
