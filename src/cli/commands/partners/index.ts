import type { Command } from 'commander';
import type { Kit } from '../../program.js';
import { addFaults } from './faults.js';
import { addMail } from './mail.js';
import { addPartner } from './partner.js';
import { addDispute } from './dispute.js';
import { addRefund } from './refund.js';

/** The partners' side of the world: the sandbox plays them, and this moves it. */
export function addSandbox(program: Command, kit: Kit): void {
  const sandbox = program
    .command('sandbox')
    .summary('play the partners')
    .description(
      'Plays the partners: faults, scans, answers, mail, refunds. Without a command: runs the sandbox.',
    );
  addFaults(sandbox, kit);
  addPartner(sandbox, kit);
  addMail(sandbox, kit);
  addRefund(sandbox, kit);
  addDispute(sandbox, kit);
}
