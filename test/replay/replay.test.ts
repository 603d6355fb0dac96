import { beforeAll, describe, expect, it } from 'vitest';
import { buildWith } from '../support/builds.js';
import { replay, type History } from '../support/replay.js';
import { createWorld } from '../support/world.js';
import { corpora, readCorpus, record, stateNames, type Recorded } from './corpus.js';

/**
 * Orders wait for months, so today's code must still understand what earlier code has done. `RECORD=1` records the
 * encrypted corpus anew: only before a release, because a history that does not replay any more is a finding.
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

describe.each(corpora)('recorded histories in %s', (file) => {
  it('cover every state and every workflow', () => {
    const corpus = readCorpus(file);
    expect(new Set(corpus.map(({ state }) => state))).toEqual(new Set(stateNames));
    const kinds = new Set(corpus.map(({ workflowId }) => workflowId.split('-')[0]));
    expect(kinds).toEqual(new Set(['order', 'delivery', 'refund']));
  });

  it('replay on today’s code', async () => {
    expect(await replay(readCorpus(file))).toEqual([]);
  });
});

it('the encrypted ones need their key', async () => {
  const histories = readCorpus('encrypted.jsonl');
  expect(await replay(histories, undefined, {})).toHaveLength(histories.length);
});

/** Today's workflows, and one of them waits for a second before it begins. */
describe('a broken twin', () => {
  /** After a single task that began with a timer, too, nobody can tell. */
  const tells = ({ history }: Recorded): boolean => {
    const tasks = (history as History).events?.filter((event) => event.workflowTaskCompletedEventAttributes);
    return (tasks?.length ?? 0) > 1;
  };

  it.each(['order', 'delivery', 'refund'])(
    'of the %s workflow is rejected by each of its histories',
    async (kind) => {
      const histories = corpora
        .flatMap(readCorpus)
        .filter(({ workflowId }) => workflowId.startsWith(`${kind}-`))
        .filter(tells);
      expect(histories.length).toBeGreaterThan(0);
      expect(await replay(histories, await buildWith(kind, `await sleep('1 second')`))).toHaveLength(
        histories.length,
      );
    },
  );
});
