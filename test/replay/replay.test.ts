import { beforeAll, describe, expect, it } from 'vitest';
import { buildWith } from '../support/builds.js';
import { replay } from '../support/replay.js';
import { createWorld } from '../support/world.js';
import { readCorpus, record, stateNames } from './corpus.js';

/**
 * Orders wait for months, so today's code must still understand what earlier code has done. `RECORD=1` records the
 * corpus anew: only before a release, because a history that does not replay any more is a finding.
 */
beforeAll(async () => {
  if (!process.env.RECORD) return;
  const world = await createWorld();
  try {
    await record(world);
  } finally {
    await world.close();
  }
});

describe('recorded histories', () => {
  it('cover every state and every workflow', () => {
    const corpus = readCorpus();
    expect(new Set(corpus.map(({ state }) => state))).toEqual(new Set(stateNames));
    const kinds = new Set(corpus.map(({ workflowId }) => workflowId.split('-')[0]));
    expect(kinds).toEqual(new Set(['order', 'delivery', 'refund']));
  });

  it('replay on today’s code', async () => {
    expect(await replay(readCorpus())).toEqual([]);
  });
});

/** Today's workflows, and one of them waits for a second before it begins. */
describe('a broken twin', () => {
  it.each(['order', 'delivery', 'refund'])(
    'of the %s workflow is rejected by each of its histories',
    async (kind) => {
      const histories = readCorpus().filter(({ workflowId }) => workflowId.startsWith(`${kind}-`));
      expect(histories.length).toBeGreaterThan(0);
      expect(await replay(histories, await buildWith(kind, `await sleep('1 second')`))).toHaveLength(
        histories.length,
      );
    },
  );
});
