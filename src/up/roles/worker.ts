import { readConfig } from '../../config.js';
import { startService } from '../service.js';
import { untilStopped } from './until-stopped.js';

/** `preorder worker`: a worker beside others; needs DATABASE_URL, because several processes share the database. */
export async function main(): Promise<number> {
  const config = readConfig();
  if (!config.DATABASE_URL) {
    process.stderr.write(
      'preorder worker needs DATABASE_URL: the embedded database has room for one process.\n',
    );
    return 2;
  }
  const service = await startService(config, { api: false, worker: true });
  void service.ready.then(() => process.stderr.write('worker is polling\n')).catch(() => undefined);
  await Promise.race([untilStopped(), service.ended]);
  await service.stop();
  return 0;
}
