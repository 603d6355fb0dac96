import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';

/** The deterministic bundle, made once at build time: a worker that loads it is ready in a fraction of the time. */
export async function buildBundle(): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../workflows/index.js', import.meta.url)),
    failureConverterPath: fileURLToPath(new URL('../codec/failure-converter.js', import.meta.url)),
    logger: new DefaultLogger('WARN'),
  });
  return code;
}
