import type { Command } from 'commander';
import type { Kit } from '../../program.js';
import { addFaults } from './faults.js';
import { addMail } from './mail.js';
import { addPartner } from './partner.js';
import { addRefund } from './refund.js';

/** The partners' side of the world: the sandbox plays them, and this moves it. */
export function addSandbox(program: Command, kit: Kit): void {
  const sandbox = program.command('sandbox').description('play the partners');
  addFaults(sandbox, kit);
  addPartner(sandbox, kit);
  addMail(sandbox, kit);
  addRefund(sandbox, kit);
}
