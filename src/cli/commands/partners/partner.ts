import { Argument, Option, type Command } from 'commander';
import { fulfillmentReference } from '../../../domain/identity.js';
import type { trackerStatuses } from '../../../contract/delivery-partner.js';
import { exitCodes } from '../../exit-codes.js';
import { CliFailure } from '../../failure.js';
import type { Kit } from '../../program.js';
import { fields } from '../../render/text.js';
import type { Session } from '../../session.js';
import { examples, orderArgument } from '../arguments.js';

interface Shipment {
  id: string;
  reference: string;
  status: string;
  tracking_code: string | null;
  tracker: { status: string };
}

const scans = [
  'pre_transit',
  'in_transit',
  'out_for_delivery',
  'available_for_pickup',
  'delivered',
  'return_to_sender',
  'failure',
  'cancelled',
  'error',
  'unknown',
] as const satisfies readonly (typeof trackerStatuses)[number][];

export function addPartner(sandbox: Command, kit: Kit): void {
  const scan = sandbox
    .command('scan')
    .addArgument(orderArgument())
    .addArgument(new Argument('<status>', 'what the scan says').choices(scans))
    .description('the partner scans the item of an order')
    .option('--detail <detail>', 'the detail of the scan, e.g. damaged')
    .action(
      kit.action((session, id: string, status: string, { detail }: { detail?: string }) =>
        tell(session, id, {
          path: 'events',
          doing: 'scan the item',
          body: { status, ...(detail ? { status_detail: detail } : {}) },
        }),
      ),
    );
  examples(scan, 'sandbox scan - in_transit', 'sandbox scan po_1m87 delivered');

  const answers = ['accepted', 'rejected', 'cancelled', 'cancel_rejected'];
  const answer = sandbox
    .command('answer')
    .addArgument(orderArgument())
    .addArgument(new Argument('<answer>', 'to the booking, or to the cancel request').choices(answers))
    .description('the partner answers a booking or a cancel request')
    .action(
      kit.action((session, id: string, text: string) =>
        tell(session, id, { path: 'answer', doing: 'answer for the partner', body: { answer: text } }),
      ),
    );
  examples(answer, 'sandbox answer - accepted');
  addModes(sandbox, kit);
}

/** A shipment is known by its order and attempt: both come from the order itself. */
async function tell(
  session: Session,
  id: string,
  { path, doing, body }: { path: string; doing: string; body: unknown },
): Promise<void> {
  const { orderId, status, fulfillment } = await session.order(id);
  if (!fulfillment) {
    const why = `The order is ${status}: no shipment has been booked.`;
    throw new CliFailure(exitCodes.notAllowed, `Could not ${doing}.`, why, [
      `${session.program} start-fulfillment ${orderId}`,
    ]);
  }
  const reference = encodeURIComponent(fulfillmentReference(orderId, fulfillment.attempt));
  const { body: shipment } = await session
    .sandbox()
    .post<Shipment>(`/shipments/${reference}/${path}`, { doing, body });
  await session.output.answer(shipment, () => fields(rows(shipment), session.output.columns));
  session.suggest([{ command: `status ${orderId}`, why: 'what the order made of it' }]);
}

const rows = (s: Shipment): [string, string | undefined][] => [
  ['Shipment', s.id],
  ['Reference', s.reference],
  ['Status', s.status],
  ['Last scan', s.tracker?.status],
  ['Tracking', s.tracking_code ?? undefined],
];

interface Mode {
  prefix: string;
  acceptance?: string;
  cancellation?: string;
}

function addModes(sandbox: Command, kit: Kit): void {
  const behaviours = ['now', 'later', 'reject', 'silent'];
  const modes = sandbox
    .command('modes')
    .description('how the delivery partner answers from now on; alone: show it')
    .addOption(new Option('--acceptance <how>', 'bookings').choices(behaviours))
    .addOption(new Option('--cancellation <how>', 'cancel requests').choices(behaviours))
    .option('--match <order>', 'only for this order')
    .action(kit.action(setModes));
  examples(modes, 'sandbox modes --acceptance silent', 'sandbox modes --cancellation reject --match -');
}

async function setModes(
  session: Session,
  { match, ...wanted }: { match?: string; acceptance?: string; cancellation?: string },
): Promise<void> {
  const { output } = session;
  const path = '/delivery-partner/modes';
  if (!wanted.acceptance && !wanted.cancellation) {
    const all = await session.sandbox().get<Mode[]>(path, 'read the modes');
    await output.answer(all, () => all.map(modeLine).join('\n') || 'The partner answers everything at once.');
    return;
  }
  const prefix = match === undefined ? {} : { prefix: (await session.order(match)).orderId };
  const body = { ...wanted, ...prefix };
  const { body: mode } = await session.sandbox().ask<Mode>('PUT', path, { doing: 'set the modes', body });
  await output.answer(mode, () => modeLine(mode));
  session.suggest([{ command: 'sandbox clear', why: 'end it' }]);
}

const modeLine = ({ prefix, acceptance = 'now', cancellation = 'now' }: Mode): string =>
  `${prefix || 'All orders'}: bookings ${acceptance}, cancel requests ${cancellation}`;
