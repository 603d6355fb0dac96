import { useState, type FormEvent, type ReactNode } from 'react';
import type { CommandAnswer } from '../../../contract/api.js';
import { tellAnswer } from '../app/outcomes.js';
import type { ActionWords } from '../data/action-words.js';
import { useDecision, type Decision } from '../data/commands.js';
import { Button } from '../ui/button.js';
import { Dialog, DialogButtons } from '../ui/dialog.js';
import { TextField } from '../ui/field.js';
import { words as readable } from '../ui/format.js';
import { Notice } from '../ui/notice.js';

/** What it takes to say yes to one decision, and then what came of it. A no of the API stays on the screen. */
export function DecideDialog({
  words,
  decision,
  about,
  more,
  reference,
  onClose,
}: {
  words: ActionWords;
  decision: Decision;
  /** Which order, how much money. */
  about: ReactNode;
  more?: ReactNode;
  /** The proof of payment: asked for, or needed. */
  reference?: 'needed' | undefined;
  onClose: () => void;
}) {
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
        {reference && (
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
            autoFocus={!reference}
          >
            {decide.isPending ? 'Asking …' : words.label}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
