import type { Command } from 'commander';
import type { AttentionList } from '../../contract/api.js';
import type { Kit } from '../program.js';
import { attentionBlock, paintStatus, type Look } from '../render/order-page.js';
import { findingBlock } from '../render/findings.js';
import { instant } from '../render/text.js';
import { examples } from './arguments.js';

type Item = AttentionList['items'][number];

export function addAttention(program: Command, kit: Kit): void {
  const command = program
    .command('attention')
    .summary('what needs a person')
    .description('What needs a person, since when, and what that person may do.')
    .action(
      kit.action(async ({ api, output, suggest }) => {
        const list = await api.get<AttentionList>('/attention', 'look up what needs attention');
        await output.answer(list, () => {
          const blocks = [
            ...list.items.map((item) => block(item, output)),
            ...list.findings.map((found) => findingBlock(found, output)),
          ];
          return blocks.length > 0 ? blocks.join('\n\n') : 'Nothing needs a person.';
        });
        const decisions = list.items.map(({ orderId, reason, defaultAction, proposal }) =>
          proposal
            ? { command: `approve ${proposal.id}`, why: 'as a supervisor' }
            : {
                command: `resolve ${orderId} --action ${defaultAction}${isOneOfMany(orderId, list) ? ` --reason ${reason}` : ''}`,
                why: '',
              },
        );
        const seen = list.findings.map(({ subject }) => ({
          command: `reconcile --acknowledge ${subject}`,
          why: 'once you have seen to it',
        }));
        suggest([...decisions.slice(0, 3), ...seen.slice(0, 1)]);
      }),
    );
  examples(command, 'attention', 'attention --json');
}

const isOneOfMany = (orderId: string, { items }: AttentionList): boolean =>
  items.filter((item) => item.orderId === orderId).length > 1;

/** A decision that waits for a second person. */
function proposed({ proposal }: Item, { paint }: Look): string[] {
  if (!proposal) return [];
  const { action, reference, proposedBy, proposedAt } = proposal;
  const what = reference ? `${action} (${reference})` : action;
  return [paint.yellow(`Waits for a supervisor: ${what}, proposed by ${proposedBy}, ${instant(proposedAt)}`)];
}

function block(item: Item, look: Look): string {
  const head = `${look.paint.bold(item.orderId)}  ${paintStatus(item.status, look.paint)}`;
  return [head, attentionBlock(item, look), ...proposed(item, look)].join('\n');
}
