import { readConfig } from '../../config.js';
import { startService } from '../service.js';
import { untilStopped } from './until-stopped.js';

/** `preorder api`: the HTTP API, with a worker for its own starts unless it is told otherwise. */
export async function main(): Promise<number> {
  const config = readConfig();
  const service = await startService(config, {
    api: true,
    worker: config.PREORDER_WORKER_IN_API,
    // Only a parent of ours, which has a channel to it, starts it again.
    ...(process.connected ? { crash: () => void process.kill(process.pid, 'SIGKILL') } : {}),
  });
  process.stderr.write(`API on ${service.url}, build ${config.PREORDER_BUILD_ID ?? 'by hash'}\n`);
  await Promise.race([untilStopped(), service.ended]);
  await service.stop();
  return 0;
}
