import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AttentionList, CommandAnswer } from '../../src/contract/api.js';
import type { Audit } from '../../src/contract/audit.js';
import { openCallsOf } from '../../src/db/attention.js';
import { eventually } from '../support/eventually.js';
import { called, placed, startedWith } from '../support/flows.js';
import { createWorld, type World } from '../support/world.js';
import { storedKey } from './support/callers.js';
import { createHttp, type Got, type Http } from './support/http.js';

type Person = { id: string; key: string };
let world: World;
let http: Http;
let alice: Person; // an operator
let eve: Person; // another
let bob: Person; // a supervisor
let carol: Person; // another
beforeAll(async () => {
  world = await createWorld();
  http = createHttp(world.url, world.operatorKey);
  [alice, eve] = [await storedKey(world, 'operator'), await storedKey(world, 'operator')];
  [bob, carol] = [await storedKey(world, 'supervisor'), await storedKey(world, 'supervisor')];
});
afterAll(async () => {
  http.close();
  await world.close();
});

const post = (path: string, { key }: Person, body?: unknown): Promise<Got> =>
  http.send({ method: 'POST', path: `/api${path}`, key, body });
const resolve = (id: string, by: Person, action: string, reference?: string): Promise<Got> =>
  post(`/orders/${id}/resolve`, by, { action, ...(reference ? { reference } : {}) });
const approve = (proposal: string, by: Person): Promise<Got> => post(`/proposals/${proposal}/approve`, by);
const answerOf = (got: Got): CommandAnswer => got.body as unknown as CommandAnswer;
const proposed = (got: Got): string => {
  expect(got, got.text).toMatchObject({ status: 202, body: { answer: 'pending_approval' } });
  return answerOf(got).proposalId ?? '';
};
const item = async (id: string) =>
  (await world.call<AttentionList>('GET', '/api/attention')).body.items.find((each) => each.orderId === id);

/** Two units of $499.00: above the limit of $500.00. */
async function rejected(quantity = 2): Promise<string> {
  const id = await startedWith(world, { acceptance: 'reject' }, { quantity });
  await called(world, id, 'partner_rejected');
  return id;
}

describe('above the limit', () => {
  it.concurrent('an operator proposes, a supervisor approves, and it happens once', async () => {
    const id = await rejected();
    const first = await resolve(id, alice, 'cancel');
    const proposal = proposed(first);
    expect(answerOf(first).message).toContain(`preorder approve ${proposal}`);
    expect(await item(id)).toMatchObject({
      proposal: { id: proposal, action: 'cancel', proposedBy: alice.id },
    });
    expect((await world.order(id)).status).toBe('fulfillment_requested');
    const both = await Promise.all([approve(proposal, bob), approve(proposal, carol)]);
    for (const got of both)
      expect(got, got.text).toMatchObject({ status: 200, body: { answer: 'accepted' } });
    expect((await world.untilStatus(id, 'cancelled')).refund?.amount).toBe(99_800);
    expect((await world.sandbox.books(id))[0]?.refundedMinor).toBe(99_800);
    // And again: the same answer.
    expect(await approve(proposal, bob)).toMatchObject({ status: 200, body: { answer: 'accepted' } });
    expect((await world.sandbox.books(id))[0]?.refunds).toHaveLength(1);
  });

  it.concurrent(
    'an order says what waits for a second person, to operators, for as long as it does',
    async () => {
      const id = await rejected();
      const proposal = proposed(await resolve(id, alice, 'cancel'));
      const proposals = async () => (await http.send({ path: `/api/orders/${id}` })).body.proposals;
      expect(await proposals()).toMatchObject([
        { id: proposal, reason: 'partner_rejected', action: 'cancel', proposedBy: { id: alice.id } },
      ]);
      expect((await approve(proposal, bob)).status).toBe(200);
      await world.untilStatus(id, 'cancelled');
      expect(await proposals()).toEqual([]);
    },
  );

  it.concurrent('operators approve nothing, each other’s least of all', async () => {
    const id = await rejected();
    const proposal = proposed(await resolve(id, alice, 'cancel'));
    expect((await approve(proposal, eve)).status).toBe(403);
    expect((await approve(proposal, alice)).status).toBe(403);
    // Wishing the same again, or another operator's same wish, is no approval.
    expect(proposed(await resolve(id, alice, 'cancel'))).toBe(proposal);
    expect(proposed(await resolve(id, eve, 'cancel'))).toBe(proposal);
    expect((await world.order(id)).status).toBe('fulfillment_requested');
  });

  it.concurrent('a supervisor does not approve what he proposed himself', async () => {
    const id = await rejected();
    const proposal = proposed(await resolve(id, bob, 'cancel'));
    expect(await approve(proposal, bob)).toMatchObject({ status: 403, body: { code: 'own_proposal' } });
    expect(proposed(await resolve(id, bob, 'cancel'))).toBe(proposal);
    expect((await world.order(id)).status).toBe('fulfillment_requested');
    expect((await approve(proposal, carol)).status).toBe(200);
    await world.untilStatus(id, 'cancelled');
  });

  it.concurrent('the same wish of a supervisor is the approval; the record names both', async () => {
    const id = await rejected();
    proposed(await resolve(id, alice, 'cancel'));
    expect(await resolve(id, bob, 'cancel')).toMatchObject({ status: 200, body: { answer: 'accepted' } });
    await world.untilStatus(id, 'cancelled');
    const { entries } = (await world.call<Audit>('GET', `/api/orders/${id}/audit`)).body;
    expect(entries.slice(-2)).toMatchObject([
      { caller: 'operator', keyId: alice.id, action: 'resolve', outcome: 'pending_approval' },
      { caller: 'supervisor', keyId: bob.id, action: 'resolve', outcome: 'accepted' },
    ]);
    const row = await world.database.db
      .selectFrom('proposals')
      .select(['proposed_by', 'decided_by', 'outcome'])
      .where('order_id', '=', id)
      .executeTakeFirst();
    expect(row).toEqual({ proposed_by: alice.id, decided_by: bob.id, outcome: 'accepted' });
  });

  it.concurrent('what costs nothing is decided by one person, and the proposal lapses', async () => {
    const id = await rejected();
    const proposal = proposed(await resolve(id, alice, 'cancel'));
    await world.sandbox.modes({ prefix: id, acceptance: 'now' });
    expect(await resolve(id, eve, 'rebook')).toMatchObject({ status: 200, body: { answer: 'accepted' } });
    await world.untilStatus(id, 'awaiting_pickup');
    expect(await approve(proposal, bob)).toMatchObject({ status: 409, body: { code: 'not_allowed' } });
    expect((await world.order(id)).status).toBe('awaiting_pickup');
  });

  it.concurrent(
    'a proposal stands for as long as the call that it answers, whatever else is decided',
    async () => {
      const id = await rejected();
      await world.sandbox.decideDispute((await world.sandbox.dispute(id)).id, 'lost');
      await eventually(async () => (await openCallsOf(world.database.db, id)).length === 2);
      const proposal = proposed(await resolve(id, alice, 'accept_loss'));
      await world.sandbox.modes({ prefix: id, acceptance: 'now' });
      expect((await resolve(id, eve, 'rebook')).status).toBe(200);
      await world.untilStatus(id, 'awaiting_pickup');
      expect(await approve(proposal, bob)).toMatchObject({ status: 200, body: { answer: 'accepted' } });
      await world.until(id, (o) => o.needsAttention === null);
    },
  );

  it.concurrent(
    'settling outside needs its reference, and another reference is another proposal',
    async () => {
      const id = await placed(world, { quantity: 2, paymentMethod: 'pm_card_pendingRefund' });
      await world.command(id, 'cancel');
      const { refund } = await world.untilStatus(id, 'cancelled');
      await world.sandbox.refundStatus(refund?.gatewayId ?? '', 'failed');
      await called(world, id, 'refund_failed');
      expect((await resolve(id, alice, 'settle_outside')).status).toBe(409);
      const first = proposed(await resolve(id, alice, 'settle_outside', 'SEPA 4711'));
      const second = proposed(await resolve(id, eve, 'settle_outside', 'SEPA 4712'));
      expect(second).not.toBe(first);
      expect((await approve(first, bob)).status).toBe(409);
      expect(await item(id)).toMatchObject({ proposal: { id: second, reference: 'SEPA 4712' } });
      expect(await approve(second, bob)).toMatchObject({ status: 200, body: { answer: 'accepted' } });
      await world.until(id, (o) => o.refund?.status === 'settled_outside' && o.needsAttention === null);
    },
  );
});

it('below the limit an operator decides alone', async () => {
  const id = await rejected(1);
  expect(await resolve(id, alice, 'cancel')).toMatchObject({ status: 200, body: { answer: 'accepted' } });
  await world.untilStatus(id, 'cancelled');
});
