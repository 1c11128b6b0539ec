import { type Prices, pricesOf } from '../core/prices.ts';
import type { Config } from '../core/spec.ts';
import type { PricesFile } from '../generated/prices.ts';
import { checkPrices } from './check.ts';
import { explained } from './explain.ts';
import { type ConfigFiles, load, read } from './load.ts';
import { open } from './open.ts';
import { ConfigError } from './problem.ts';
import type { ConfigSource } from './source.ts';

export type { ConfigFiles } from './load.ts';
export { ConfigError, type Problem } from './problem.ts';

/** Reads and checks a configuration for `environment` and every environment in settings.json. Never throws. */
export const readConfig = (source: ConfigSource, environment?: string): ConfigFiles =>
  read(source, environment, explained);

/**
 * The configuration of one environment: levels merged, defaults applied, frozen.
 * @throws ConfigError with every problem in every file
 */
export const loadConfig = (source: ConfigSource, environment: string): Config =>
  load(source, environment, explained);

/**
 * The prices of a configuration. Its other files can be missing or invalid.
 * @throws ConfigError if prices.json is invalid
 */
export function loadPrices(source: ConfigSource): Prices {
  const { document, problems } = open(explained, source, 'prices.json');
  const all = document ? checkPrices(document) : problems;
  if (all.length > 0) throw new ConfigError(all);
  return pricesOf(document?.value as PricesFile | undefined);
}
