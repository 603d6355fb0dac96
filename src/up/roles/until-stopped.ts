/** Resolves at Ctrl-C, SIGTERM, a closed terminal, or when the process that started us is gone. */
export function untilStopped(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => resolve(signal));
    if (process.send) process.once('disconnect', () => resolve('the starting process is gone'));
  });
}

/** The work's result; when the stop comes first the process ends at once, and takes along what it had started. */
export async function orStop<T>(work: Promise<T>, stopped: Promise<string>): Promise<T> {
  let done = false;
  void stopped.then(() => {
    if (!done) process.exit(130);
  });
  try {
    return await work;
  } finally {
    done = true;
  }
}
