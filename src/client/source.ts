import { unlessAborted } from './attempt.ts';

export type Source<Item> = Iterable<Item> | AsyncIterable<Item>;

export const isSource = (source: unknown): boolean =>
  source !== undefined &&
  source !== null &&
  (Symbol.iterator in Object(source) || Symbol.asyncIterator in Object(source));

/** The items of a source until the signal is aborted, even if the source never yields another one. */
export async function* until<Item>(
  signal: AbortSignal | undefined,
  source: Source<Item>,
): AsyncGenerator<Item, void, undefined> {
  if (!signal) return yield* source;
  const items = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  let waiting = false;
  try {
    for (;;) {
      signal.throwIfAborted();
      waiting = true;
      const { done, value } = await unlessAborted(signal, Promise.resolve(items.next()));
      if (done) return;
      waiting = false;
      yield value;
    }
  } finally {
    const closing = Promise.resolve(waiting && !signal.aborted ? undefined : items.return?.());
    // A source that never yields does not close before it does.
    if (waiting) closing.catch(() => {});
    else await closing;
  }
}
