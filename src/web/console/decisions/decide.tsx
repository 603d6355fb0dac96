import { useState, type FormEvent } from 'react';
import type { CommandAnswer } from '../../../contract/api.js';
import { tellAnswer } from '../app/outcomes.js';
import { useDecision } from '../data/commands.js';
import { Button } from '../ui/button.js';
import { Dialog, DialogButtons } from '../ui/dialog.js';
import { TextField } from '../ui/field.js';
import { words as readable } from '../ui/format.js';
import { Notice } from '../ui/notice.js';
import { openDecision, useOpenDecision, type Choice } from './open-decision.js';

/** The decision that is open, on whatever page. */
export function OpenDecision() {
  const choice = useOpenDecision();
  return choice && <DecideDialog choice={choice} onClose={() => openDecision(undefined)} />;
}

/** What it takes to say yes to one decision, and then what came of it. A no of the API stays on the screen. */
function DecideDialog({ choice, onClose }: { choice: Choice; onClose: () => void }) {
  const { words, decision, about, more, needsReference } = choice;
  const [proof, setProof] = useState('');
  const [refusal, setRefusal] = useState<CommandAnswer>();
  const decide = useDecision((answer) => {
    if (answer.answer === 'rejected') return setRefusal(answer);
    tellAnswer(answer);
    onClose();
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setRefusal(undefined);
    const given =
      decision.kind === 'resolve' && proof.trim() ? { ...decision, reference: proof.trim() } : decision;
    decide.mutate(given);
  };
  return (
    <Dialog title={words.label} description={about} onClose={onClose}>
      <form onSubmit={submit} className="mt-3 space-y-3">
        <p>{words.effect}</p>
        {more}
        {needsReference && (
          <TextField
            label="Reference"
            hint="The proof of payment, e.g. the bank’s transaction number. It is kept with the decision."
            value={proof}
            onChange={(event) => setProof(event.target.value)}
            maxLength={200}
            required
          />
        )}
        {decide.isError && <Notice tone="bad">{decide.error.message}</Notice>}
        {refusal && (
          <Notice tone="bad">
            {readable(refusal.answer)}: {refusal.message}
          </Notice>
        )}
        <DialogButtons>
          <Button onClick={onClose}>Close</Button>
          <Button
            type="submit"
            tone={words.grave ? 'danger' : 'primary'}
            disabled={decide.isPending}
            autoFocus={!needsReference}
          >
            {decide.isPending ? 'Asking …' : words.label}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
