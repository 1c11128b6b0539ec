import { ConfigError } from '../config/index.ts';
import { UsageError } from './failure.ts';

type Made<T extends readonly unknown[]> = { readonly [K in keyof T]: () => T[K] };

/**
 * What each of some readers makes of its part of a command line.
 * @throws UsageError with everything that is wrong with any of them; ConfigError where nothing else is
 */
export function together<const T extends readonly unknown[]>(...readers: Made<T>): T {
  const problems: string[] = [];
  let unreadable: ConfigError | undefined;
  const made = readers.map((read) => {
    try {
      return read();
    } catch (error) {
      if (error instanceof UsageError) problems.push(...error.problems);
      else if (error instanceof ConfigError) unreadable ??= error;
      else throw error;
      return undefined;
    }
  });
  if (unreadable && problems.length === 0) throw unreadable;
  if (problems.length > 0) throw new UsageError(...problems, ...(unreadable?.message.split('\n') ?? []));
  return made as unknown as T;
}
