import type { OperatorOrder } from '../../../../contract/api.js';
import { ResolveButtons } from '../../decisions/decision-buttons.js';
import { ProposalLine } from '../../decisions/proposal.js';
import { Ago, Instant } from '../../ui/time.js';

type Call = NonNullable<OperatorOrder['needsAttention']>;

export function AttentionCard({ order, call }: { order: OperatorOrder; call: Call }) {
  const proposal = order.proposals?.find(({ reason }) => reason === call.reason);
  return (
    <section
      aria-label={`Needs attention: ${call.text}`}
      className="rounded-md border border-l-4 border-bad bg-surface p-3"
    >
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-72">
          <h2 className="text-bad">{call.text}</h2>
          <p className="text-muted">
            Since <Instant at={call.since} />. Due <Ago at={call.dueAt} clock={order.now} />,{' '}
            <Instant at={call.dueAt} />.
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <ResolveButtons
            about={order}
            reason={call.reason}
            allowed={call.allowedActions}
            defaultAction={call.defaultAction}
          />
        </div>
      </div>
      {proposal && (
        <div className="mt-2">
          <ProposalLine proposal={proposal} reason={call.reason} about={order} />
        </div>
      )}
    </section>
  );
}
