import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { failureConverterPath } from './payload-keys.js';

const dist = join(import.meta.dirname, '../../dist');

/** Something more that a workflow does; `after`: a line that its built file has once. `sdk` is Temporal's workflow API. */
export interface Edit {
  file: string;
  after: string;
  insert: string;
}

/** Another build of the workflows: today's, with more in the midst of them. */
export async function editedBuild(...edits: Edit[]): Promise<string> {
  const folder = join(dist, `other-build-${process.pid}-${Date.now()}`);
  try {
    for (const part of ['workflows', 'domain'])
      cpSync(join(dist, 'src', part), join(folder, part), { recursive: true });
    for (const { file, after, insert } of edits) {
      const path = join(folder, 'workflows', file);
      const text = readFileSync(path, 'utf8');
      const [before, rest, more] = text.split(after);
      if (rest === undefined || more !== undefined) throw new Error(`${file} does not say once: ${after}`);
      const sdk = `import * as sdk from '@temporalio/workflow';`;
      writeFileSync(path, `${sdk}\n${before}${after}\n${insert};${rest}`);
    }
    return await bundle(join(folder, 'workflows/index.js'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Another build of the workflows: today's, and one of them does something before it begins. */
export async function buildWith(kind: string, before: string): Promise<string> {
  const path = join(dist, `other-build-${kind}-${process.pid}-${Date.now()}.js`);
  const source = `
    import { patched, proxyLocalActivities, sleep } from '@temporalio/workflow';
    import * as workflows from './src/workflows/index.js';
    export const { order, delivery, refund, reconciliation } = {
      ...workflows,
      ${kind}: async (input) => { ${before}; return workflows.${kind}(input); },
    };`;
  writeFileSync(path, source);
  try {
    return await bundle(path);
  } finally {
    rmSync(path);
  }
}

async function bundle(workflowsPath: string): Promise<string> {
  const logger = new DefaultLogger('ERROR');
  return (await bundleWorkflowCode({ workflowsPath, failureConverterPath, logger })).code;
}
