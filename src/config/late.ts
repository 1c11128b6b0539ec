import { statSync } from 'node:fs';
import type { Config } from '../core/spec.ts';
import { load } from './load.ts';
import { ConfigError } from './problem.ts';
import { quick } from './quick.ts';
import { CONFIG_FILES, type ConfigSource, pathOf } from './source.ts';

/** The last valid configuration that this process has loaded, and what its files were. */
let loaded: { readonly files: readonly unknown[]; readonly config: Config } | undefined;

/**
 * Like `loadConfig`, for Lambda functions. What explains an invalid configuration is loaded only if one is invalid. While the files stay
 * the same, it returns the same configuration, because a thousand specs take longer to check than to plan.
 * @throws ConfigError with every problem in every file
 */
export async function loadConfigLate(source: ConfigSource, environment: string): Promise<Config> {
  // Read before the files, so that a file that changes meanwhile is read again by the next run.
  const files = [environment, ...identityOf(source)];
  if (loaded && files.every((one, i) => one === loaded?.files[i])) return loaded.config;
  try {
    const config = load(source, environment, quick);
    loaded = { files, config };
    return config;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { explained } = await import('./explain.ts');
    return load(source, environment, explained);
  }
}

/** What differs if a file does: of a fetched one its bytes, which stay the same object until it is fetched again. */
const identityOf = (source: ConfigSource): readonly unknown[] =>
  typeof source === 'string'
    ? [source, ...CONFIG_FILES.map((file) => stampOf(pathOf(source, file)))]
    : [source.name, ...CONFIG_FILES.map((file) => source.files.get(file))];

/** Which file it is, and when it last changed; undefined if it cannot be read, or does not exist. */
function stampOf(path: string): string | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats && [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(' ');
}
