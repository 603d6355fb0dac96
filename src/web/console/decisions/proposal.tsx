import type { OneNeed } from '../../../contract/console.js';
import type { AttentionReason, ResolveAction } from '../../../domain/attention.js';
import { useSession } from '../app/session-context.js';
import { wordsOf } from '../data/action-words.js';
import { Button } from '../ui/button.js';
import { Ago } from '../ui/time.js';
import { AboutLine, type About } from './decision-buttons.js';
import { openDecision } from './open-decision.js';

type Proposal = NonNullable<OneNeed['proposal']>;

/** A decision that waits for a second person: who wants what, and the button of whoever may say yes. */
export function ProposalLine({
  proposal,
  reason,
  about,
}: {
  proposal: Proposal;
  /** The call that it answers. */
  reason: AttentionReason | null;
  about: About;
}) {
  const session = useSession();
  const { proposedBy, reference } = proposal;
  const words = wordsOf(proposal.action as ResolveAction, reason);
  const isOwn = proposedBy.id === session.keyId;
  const who = isOwn ? 'You' : (proposedBy.name ?? proposedBy.id);
  const approve = (): void =>
    openDecision({
      words: { ...words, label: `Approve: ${words.label}` },
      decision: { kind: 'approve', orderId: about.orderId, proposalId: proposal.id },
      about: (
        <>
          <AboutLine about={about} />. Proposed by {who}
          {reference && <>, reference “{reference}”</>}.
        </>
      ),
    });
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 rounded-sm bg-info-ground px-2.5 py-1.5 text-info">
      <p className="min-w-0">
        {who} proposed <strong>{words.label}</strong> <Ago at={proposal.proposedAt} />
        {reference && <>, reference “{reference}”</>}.{' '}
        {(isOwn || session.caller !== 'supervisor') && 'Another supervisor has to approve it.'}
      </p>
      {!isOwn && session.caller === 'supervisor' && <Button onClick={approve}>Approve</Button>}
    </div>
  );
}
