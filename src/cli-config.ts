import { release } from './release.js';

/** What the command line reads of its surroundings: without the schema of config.ts, whose library doubles its start. */
export function cliEnvironment() {
  const { env, stdout, stderr } = process;
  return {
    url: env.PREORDER_URL || undefined,
    operatorKey: env.PREORDER_OPERATOR_KEY || undefined,
    supervisorKey: env.PREORDER_SUPERVISOR_KEY || undefined,
    sandboxUrl: env.PREORDER_SANDBOX_URL || undefined,
    dataDir: env.PREORDER_DATA_DIR || '.preorder',
    stdout,
    stderr,
    isTTY: stdout.isTTY === true,
    columns: stdout.columns ?? 80,
    color: stdout.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb',
    cwd: process.cwd(),
    version: release,
    program: 'npx preorder',
  };
}
