import { useState, type FormEvent } from 'react';
import type { Fault, NewFault } from '../../../../contract/development.js';
import { operations } from '../../../../contract/faults.js';
import { ask } from '../../data/http.js';
import { useOnce } from '../../data/once.js';
import { Button } from '../../ui/button.js';
import { SelectField, TextField } from '../../ui/field.js';
import { words } from '../../ui/format.js';
import { Notice } from '../../ui/notice.js';
import { kindWords, targetWords } from './fault-words.js';

interface Given {
  target: NewFault['target'];
  kind: NewFault['kind'];
  operation: string;
  times: string;
  match: string;
}

const blank: Given = { target: 'payment-gateway', kind: 'error_500', operation: '', times: '3', match: '' };
const SLOW_MS = 5_000;

export function FaultForm() {
  const [given, setGiven] = useState(blank);
  const add = useOnce(
    (fault: NewFault) => ask<Fault>('/api/development/faults', { method: 'POST', body: fault }),
    () => [['faults']],
  );
  const set = (change: Partial<Given>): void => setGiven({ ...given, ...change });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const { target, kind, operation, times, match } = given;
    add.mutate({
      target,
      kind,
      ...(operation ? { operation } : {}),
      ...(times ? { times: Number(times) } : {}),
      ...(match ? { match: match.trim() } : {}),
      ...(kind === 'delay' ? { delayMs: SLOW_MS } : {}),
    });
  };
  return (
    <form onSubmit={submit} className="grid gap-3 sm:grid-cols-2">
      <SelectField
        label="Who"
        value={given.target}
        onChange={(event) =>
          set({ ...blank, target: event.target.value as Given['target'], match: given.match })
        }
      >
        {Object.entries(targetWords).map(([target, text]) => (
          <option key={target} value={target}>
            {text}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="How"
        value={given.kind}
        onChange={(event) => set({ kind: event.target.value as Given['kind'] })}
      >
        {Object.entries(kindWords)
          .filter(([kind]) => kind !== 'stored_500' || given.target === 'payment-gateway')
          .map(([kind, text]) => (
            <option key={kind} value={kind}>
              {text}
            </option>
          ))}
      </SelectField>
      <SelectField
        label="Which call"
        value={given.operation}
        onChange={(event) => set({ operation: event.target.value })}
      >
        <option value="">Every call</option>
        {operations[given.target].map((operation) => (
          <option key={operation} value={operation}>
            {words(operation)}
          </option>
        ))}
      </SelectField>
      <TextField
        label="How often"
        type="number"
        min={1}
        max={1_000_000}
        step={1}
        hint="Empty: until it is ended"
        value={given.times}
        onChange={(event) => set({ times: event.target.value })}
      />
      <div className="sm:col-span-2">
        <TextField
          label="Only what mentions"
          placeholder="po_…"
          hint="For example an order’s id; empty: everything"
          maxLength={60}
          value={given.match}
          onChange={(event) => set({ match: event.target.value })}
        />
      </div>
      <div className="space-y-2 sm:col-span-2">
        {add.isError && <Notice tone="bad">{add.error.message}</Notice>}
        <Button type="submit" tone="primary" disabled={add.isPending}>
          Set the fault
        </Button>
      </div>
    </form>
  );
}
