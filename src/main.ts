/** One program, many roles: the long-running ones here, everything else is the command line. */
const roles: Record<string, () => Promise<{ main: (args: string[]) => Promise<number> }>> = {
  up: () => import('./up/up.js'),
  demo: () => import('./up/demo/demo.js'),
  doctor: () => import('./up/doctor.js'),
  api: () => import('./up/roles/api.js'),
  worker: () => import('./up/roles/worker.js'),
  promote: () => import('./up/roles/promote.js'),
  sandbox: () => import('./up/roles/sandbox.js'),
};

async function run(argv: string[]): Promise<void> {
  const [role = '', ...args] = argv;
  // `preorder sandbox fault …` speaks to a sandbox, `preorder sandbox` is one.
  const load = role === 'sandbox' && args.length > 0 ? undefined : roles[role];
  if (load) process.exit(await (await load()).main(args));
  const [{ runCli }, { cliEnvironment }] = await Promise.all([
    import('./cli/cli.js'),
    import('./cli-config.js'),
  ]);
  process.exitCode = await runCli(argv, cliEnvironment());
}

run(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
