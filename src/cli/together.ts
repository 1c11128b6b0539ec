import { ConfigError } from '../config/index.ts';
import { UsageError } from './failure.ts';

type Readers<T extends readonly unknown[]> = { readonly [K in keyof T]: () => T[K] };

/**
 * Runs several readers of one command line and returns their results.
 * @throws UsageError with the problems of all readers; ConfigError if the configuration is the only problem
 */
export function together<const T extends readonly unknown[]>(...readers: Readers<T>): T {
  const problems: string[] = [];
  let unreadable: ConfigError | undefined;
  const values = readers.map((read) => {
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
  return values as unknown as T;
}
