import { useState } from 'react';
import { needsSecondPerson, type ResolveAction } from '../../../domain/attention.js';
import { orderActions } from '../../../domain/lifecycle.js';
import { useSession } from '../app/session-context.js';
import { commandWords, resolutionWords, type ActionWords } from '../data/action-words.js';
import type { Command, Decision } from '../data/commands.js';
import { Button } from '../ui/button.js';
import { moneyText } from '../ui/format.js';
import { Notice } from '../ui/notice.js';
import { DecideDialog } from './decide.js';

export interface About {
  orderId: string;
  amount: number;
  currency: string;
  productName: string;
}

interface Choice {
  words: ActionWords;
  decision: Decision;
}

/** One button for each thing that may be done now, and no other. */
function DecisionButtons({
  about,
  choices,
  first,
}: {
  about: About;
  choices: Choice[];
  first?: Choice | undefined;
}) {
  const [open, setOpen] = useState<Choice>();
  return (
    <>
      {choices.map((choice) => (
        <Button
          key={choice.words.label}
          tone={choice.words.grave ? 'danger' : choice === first ? 'primary' : 'plain'}
          onClick={() => setOpen(choice)}
        >
          {choice.words.label}
        </Button>
      ))}
      {open && (
        <DecideDialog
          words={open.words}
          decision={open.decision}
          about={<AboutLine about={about} />}
          more={<TwoPersons about={about} decision={open.decision} />}
          reference={
            open.decision.kind === 'resolve' && open.decision.action === 'settle_outside'
              ? 'needed'
              : undefined
          }
          onClose={() => setOpen(undefined)}
        />
      )}
    </>
  );
}

const isCommand = (name: string): name is Command =>
  name !== 'resolve' && (orderActions as readonly string[]).includes(name);

export function CommandButtons({ about, allowed }: { about: About; allowed: string[] }) {
  const choices = allowed.filter(isCommand).map((command): Choice => ({
    words: commandWords[command],
    decision: { kind: 'command', orderId: about.orderId, command },
  }));
  return <DecisionButtons about={about} choices={choices} first={choices[0]} />;
}

export function ResolveButtons({
  about,
  allowed,
  defaultAction,
}: {
  about: About;
  allowed: string[];
  defaultAction: string | null;
}) {
  const isKnown = (name: string): name is ResolveAction => name in resolutionWords;
  const choices = allowed.filter(isKnown).map((action): Choice & { action: ResolveAction } => ({
    action,
    words: resolutionWords[action],
    decision: { kind: 'resolve', orderId: about.orderId, action },
  }));
  const first = choices.find(({ action }) => action === defaultAction);
  return <DecisionButtons about={about} choices={choices} first={first} />;
}

export const AboutLine = ({ about }: { about: About }) => (
  <>
    <code className="font-mono">{about.orderId}</code>, {about.productName},{' '}
    {moneyText(about.amount, about.currency)}
  </>
);

function TwoPersons({ about, decision }: { about: About; decision: Decision }) {
  const { approvalLimit } = useSession();
  if (decision.kind !== 'resolve' || !needsSecondPerson(decision.action, about.amount, approvalLimit))
    return null;
  return (
    <Notice tone="info">
      Above {moneyText(approvalLimit, about.currency)} two persons decide: this becomes a proposal, and
      another supervisor approves it.
    </Notice>
  );
}
