/** One program, many roles: the long-running ones here, everything else is the command line. */
const roles: Record<string, () => Promise<{ main: (args: string[]) => Promise<number> }>> = {
  up: () => import('./up/up.js'),
  demo: () => import('./up/demo/demo.js'),
  doctor: () => import('./up/doctor.js'),
  api: () => import('./up/roles/api.js'),
  worker: () => import('./up/roles/worker.js'),
  sandbox: () => import('./up/roles/sandbox.js'),
};

async function run([role = '', ...args]: string[]): Promise<number> {
  // `preorder sandbox fault …` speaks to a sandbox, `preorder sandbox` is one.
  const load = role === 'sandbox' && args.length > 0 ? undefined : roles[role];
  if (load) return (await load()).main(args);
  const [{ runCli }, { cliEnvironment }] = await Promise.all([
    import('./cli/cli.js'),
    import('./cli-config.js'),
  ]);
  return runCli(
    [role, ...args].filter((word, index) => index > 0 || word !== ''),
    cliEnvironment(),
  );
}

try {
  process.exitCode = await run(process.argv.slice(2));
  if (roles[process.argv[2] ?? '']) process.exit();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
