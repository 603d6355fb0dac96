import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { release } from '../../src/release.js';
import { runsOf } from '../support/facts.js';
import { atRest } from '../support/flows.js';
import { reconcile } from '../support/reconciling.js';
import type { World } from '../support/world.js';
import { fromJsonHistory, toJsonHistory } from './history-json.js';
import { states } from './states.js';

/** A line of a corpus: one history of a workflow that was in this state when it was recorded. */
export interface Recorded {
  state: string;
  workflowId: string;
  history: unknown;
}

const folder = join(import.meta.dirname, 'corpus');
const pathOf = (version: string): string => join(folder, `${version}.jsonl`);

/** What each version has lived through, for good: orders that began on it may still wait. */
export const versions = [
  ...new Set([release, ...readdirSync(folder).map((file) => file.replace(/\.jsonl$/, ''))]),
];

export function readCorpus(version: string): Recorded[] {
  if (!existsSync(pathOf(version))) return [];
  const lines = readFileSync(pathOf(version), 'utf8').trim().split('\n');
  return lines.map((line) => {
    const recorded = JSON.parse(line) as Recorded;
    return { ...recorded, history: fromJsonHistory(recorded.history) };
  });
}

async function reconciled(world: World): Promise<string> {
  await reconcile(world);
  return `reconciliation-${world.taskQueue}-now`;
}

/** The ways to whatever is recorded; each answers with what the ids of its workflows end. */
const recordings = { reconciliation: reconciled, ...states };
export const recordedStates = Object.keys(recordings);

/** Drives an order to each state and writes down what its workflows have lived through, on the version of package.json. */
export async function record(world: World): Promise<void> {
  if (existsSync(pathOf(release))) throw new Error(`${release} is recorded: see CONTRIBUTING.md`);
  const lines: string[] = [];
  for (const [state, reach] of Object.entries(recordings)) {
    const id = await reach(world);
    for (const { workflowId, runId } of await runsOf(world)) {
      if (!workflowId.endsWith(id)) continue;
      await atRest(world, workflowId);
      const history = await world.temporal.workflow.getHandle(workflowId, runId).fetchHistory();
      const recorded: Recorded = { state, workflowId, history: toJsonHistory(history) };
      lines.push(JSON.stringify(recorded));
    }
  }
  writeFileSync(pathOf(release), `${lines.join('\n')}\n`);
}
