import { beforeAll, describe, expect, it } from 'vitest';
import { release } from '../../src/release.js';
import { buildWith } from '../support/builds.js';
import { replay, type History } from '../support/replay.js';
import { createWorld, type World } from '../support/world.js';
import { readCorpus, record, recordedStates, versions, type Recorded } from './corpus.js';

const kinds = ['order', 'delivery', 'refund', 'reconciliation'];

/** Orders wait for months, so today's code must still understand what earlier code has done. */
beforeAll(async () => {
  if (!process.env.RECORD) return;
  const world = await createWorld();
  try {
    await record(world);
  } finally {
    await world.close();
  }
});

describe(`the histories of ${release}`, () => {
  it('hold every state and every workflow', () => {
    const corpus = readCorpus(release);
    expect(new Set(corpus.map(({ state }) => state))).toEqual(new Set(recordedStates));
    expect(new Set(corpus.map(({ workflowId }) => workflowId.split('-')[0]))).toEqual(new Set(kinds));
  });

  it('are not recorded over', async () => {
    await expect(record({} as World)).rejects.toThrow(`${release} is recorded`);
  });

  it('need their key', async () => {
    const histories = readCorpus(release);
    expect(await replay(histories, undefined, {})).toHaveLength(histories.length);
  });
});

it.each(versions)('histories of %s replay on today’s code', async (version) => {
  const histories = readCorpus(version);
  expect(histories).not.toHaveLength(0);
  expect(await replay(histories)).toEqual([]);
});

/** Today's workflows, and one of them waits for a second before it begins. */
describe('a broken twin', () => {
  /** After a single task that began with a timer, too, nobody can tell. */
  const tells = ({ history }: Recorded): boolean => {
    const tasks = (history as History).events?.filter((event) => event.workflowTaskCompletedEventAttributes);
    return (tasks?.length ?? 0) > 1;
  };

  it.each(kinds)('of the %s workflow is rejected by each of its histories', async (kind) => {
    const histories = versions
      .flatMap(readCorpus)
      .filter(({ workflowId }) => workflowId.startsWith(`${kind}-`))
      .filter(tells);
    expect(histories.length).toBeGreaterThan(0);
    expect(await replay(histories, await buildWith(kind, `await sleep('1 second')`))).toHaveLength(
      histories.length,
    );
  });
});
