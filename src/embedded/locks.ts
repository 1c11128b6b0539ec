/** Runs one call at a time per key. A call locks all its keys together, so two calls never wait for each other. */
export class Locks {
  readonly #tails = new Map<string, Promise<void>>();

  async run<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    const before = keys.map((key) => this.#tails.get(key));
    const { promise: mine, resolve: release } = withResolvers();
    for (const key of keys) this.#tails.set(key, mine);
    await Promise.all(before);
    try {
      return await work();
    } finally {
      for (const key of keys) if (this.#tails.get(key) === mine) this.#tails.delete(key);
      release();
    }
  }
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
