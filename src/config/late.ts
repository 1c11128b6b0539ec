import type { Config } from '../core/spec.ts';
import { load } from './load.ts';
import { ConfigError } from './problem.ts';
import type { ConfigSource } from './source.ts';
import type { Explain } from './validate.ts';

/** Marks a document as invalid. No person reads this. */
const unexplained: Explain = () => [{ at: [], message: 'is invalid.' }];

/**
 * Like `loadConfig`, for Lambda functions. What explains an invalid configuration is loaded only if one is invalid.
 * @throws ConfigError with every problem in every file
 */
export async function loadConfigLate(source: ConfigSource, environment: string): Promise<Config> {
  try {
    return load(source, environment, unexplained);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { explain } = await import('./explain.ts');
    return load(source, environment, explain);
  }
}
