import type { Command } from 'commander';
import type { CommandAnswer } from '../../contract/api.js';
import type { Kit } from '../program.js';
import { examples } from './arguments.js';
import { tellAnswer } from './order-verbs.js';

export function addApprove(program: Command, kit: Kit): void {
  const command = program
    .command('approve')
    .argument('<proposal>', 'of attention, or of the answer that is pending')
    .summary('agree to what another person proposed')
    .description('Carries out what another person proposed (needs a supervisor who is not the proposer).')
    .action(
      kit.action(async (session, proposal: string) => {
        const path = `/proposals/${encodeURIComponent(proposal)}/approve`;
        const { body } = await session.supervisor.post<CommandAnswer>(path, { doing: 'approve that' });
        return tellAnswer(session, body);
      }),
    );
  examples(command, 'approve pr_1m87v0q2kx4h7d3c9s');
}
