import type { Command } from 'commander';
import type { Kit } from '../program.js';
import { addAttention } from './attention.js';
import { addApprove } from './approve.js';
import { addAudit } from './audit.js';
import { addBooks } from './books.js';
import { addCompensationLog } from './compensation-log.js';
import { addCorrectEmail } from './correct-email.js';
import { addDeadline } from './deadline.js';
import { addFastForward } from './fast-forward.js';
import { addKeys } from './keys.js';
import { addList } from './list.js';
import { addOrderVerbs } from './order-verbs.js';
import { addPlaceOrder } from './place-order.js';
import { addProducts } from './products.js';
import { addReconcile } from './reconcile.js';
import { addResolve } from './resolve.js';
import { addSandbox } from './partners/index.js';
import { addSendLink } from './send-link.js';
import { addSignIn } from './sign-in.js';
import { addStatus } from './status.js';
import { addWatch } from './watch.js';

export function addOrderCommands(program: Command, kit: Kit): void {
  program.commandsGroup('Orders:');
  addPlaceOrder(program, kit);
  addOrderVerbs(program, kit);
  addStatus(program, kit);
  addCompensationLog(program, kit);
  addDeadline(program, kit);
  addWatch(program, kit);
  addSendLink(program, kit);
  addCorrectEmail(program, kit);
  addList(program, kit);
}

export function addShopCommands(program: Command, kit: Kit): void {
  program.commandsGroup('The shop:');
  addProducts(program, kit);
  addAttention(program, kit);
  addResolve(program, kit);
  addApprove(program, kit);
  addBooks(program, kit);
  addAudit(program, kit);
  addKeys(program, kit);
  addSignIn(program, kit);
  addReconcile(program, kit);
}

export function addDevelopmentCommands(program: Command, kit: Kit): void {
  program.commandsGroup('Development only:');
  addFastForward(program, kit);
  addSandbox(program, kit);
}
