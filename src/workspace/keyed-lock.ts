export type KeyedLock = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/** Runs pieces of work with the same key one after another, within this process. */
export function createKeyedLock(): KeyedLock {
  const tails = new Map<string, Promise<void>>();
  return async (key, work) => {
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const before = tails.get(key);
    tails.set(key, done);
    await before;
    try {
      return await work();
    } finally {
      if (tails.get(key) === done) tails.delete(key);
      resolve();
    }
  };
}
