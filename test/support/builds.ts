import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { failureConverterPath } from './payload-keys.js';

const dist = join(import.meta.dirname, '../../dist');

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
    return (
      await bundleWorkflowCode({
        workflowsPath: path,
        failureConverterPath,
        logger: new DefaultLogger('ERROR'),
      })
    ).code;
  } finally {
    rmSync(path);
  }
}
