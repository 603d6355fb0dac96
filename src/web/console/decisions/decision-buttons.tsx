import { needsSecondPerson, type AttentionReason, type ResolveAction } from '../../../domain/attention.js';
import { orderActions, type OrderStatus } from '../../../domain/lifecycle.js';
import { useSession } from '../app/session-context.js';
import { cancelEffect, commandWords, isResolution, wordsOf } from '../data/action-words.js';
import type { Command, Decision } from '../data/commands.js';
import { Button } from '../ui/button.js';
import { moneyText } from '../ui/format.js';
import { Notice } from '../ui/notice.js';
import { openDecision, type Choice } from './open-decision.js';

export interface About {
  orderId: string;
  status: OrderStatus;
  amount: number;
  currency: string;
  productName: string;
}

type Wish = Pick<Choice, 'words' | 'decision'>;

/** One button for each thing that may be done now, and no other. */
function DecisionButtons({
  about,
  wishes,
  first,
}: {
  about: About;
  wishes: Wish[];
  first?: Wish | undefined;
}) {
  const ask = (wish: Wish): void => {
    const { decision } = wish;
    openDecision({
      ...wish,
      about: <AboutLine about={about} />,
      more: <TwoPersons about={about} decision={decision} />,
      needsReference: decision.kind === 'resolve' && decision.action === 'settle_outside',
    });
  };
  return wishes.map((wish) => (
    <Button
      key={wish.words.label}
      tone={wish.words.grave ? 'danger' : wish === first ? 'primary' : 'plain'}
      onClick={() => ask(wish)}
    >
      {wish.words.label}
    </Button>
  ));
}

const isCommand = (name: string): name is Command =>
  name !== 'resolve' && (orderActions as readonly string[]).includes(name);

export function CommandButtons({ about, allowed }: { about: About; allowed: string[] }) {
  const wishes = allowed.filter(isCommand).map((command): Wish => ({
    words:
      command === 'cancel'
        ? { ...commandWords.cancel, effect: cancelEffect(about.status) }
        : commandWords[command],
    decision: { kind: 'command', orderId: about.orderId, command },
  }));
  return <DecisionButtons about={about} wishes={wishes} first={wishes[0]} />;
}

export function ResolveButtons({
  about,
  reason,
  allowed,
  defaultAction,
}: {
  about: About;
  /** The call that they answer. */
  reason: AttentionReason;
  allowed: string[];
  defaultAction: string | null;
}) {
  const wishes = allowed.filter(isResolution).map((action): Wish & { action: ResolveAction } => ({
    action,
    words: wordsOf(action, reason),
    decision: { kind: 'resolve', orderId: about.orderId, action, reason },
  }));
  const first = wishes.find(({ action }) => action === defaultAction);
  return <DecisionButtons about={about} wishes={wishes} first={first} />;
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
