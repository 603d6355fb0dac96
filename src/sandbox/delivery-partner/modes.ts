import { z } from 'zod';
import type { Store } from '../store.js';

const behaviour = z.enum(['now', 'later', 'reject', 'silent']);

/** `later` answers by itself after `answerAfterMs`; `silent` never does; `reject` says no at once. */
export const modeSchema = z.strictObject({
  /** A prefix of the shipments' references; without one the mode is for all. */
  prefix: z.string().default(''),
  acceptance: behaviour.optional(),
  cancellation: behaviour.optional(),
  answerAfterMs: z.number().min(0).optional(),
});
export type Mode = z.infer<typeof modeSchema>;

export type Modes = ReturnType<typeof createModes>;

export function createModes(store: Store) {
  const modes = store.collection<Mode>('partner-modes');

  return {
    /** Adds to what was set for this prefix before. */
    set(mode: Mode): Mode {
      const merged = { ...modes.get(mode.prefix), ...mode };
      modes.put(mode.prefix, merged);
      return merged;
    },
    /** The longest prefix decides, setting by setting. */
    for(reference: string): Required<Omit<Mode, 'prefix'>> {
      const fitting = [...modes.values()].filter((mode) => reference.startsWith(mode.prefix));
      fitting.sort((a, b) => a.prefix.length - b.prefix.length);
      const defaults: Required<Mode> = {
        prefix: '',
        acceptance: 'now',
        cancellation: 'now',
        answerAfterMs: 300,
      };
      return fitting.reduce<Required<Mode>>((all, mode) => ({ ...all, ...mode }), defaults);
    },
    list: (): Mode[] => [...modes.values()],
    clear: (): void => modes.clear(),
  };
}
