/** What `work` answers, or undefined when that takes longer than `ms`: it goes on, and nobody waits for it any more. */
export function within<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return Promise.race([work, tooLong]).finally(() => clearTimeout(timer));
}
