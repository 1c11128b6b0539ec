import { pricesOf } from '../core/prices.ts';
import type { Config } from '../core/spec.ts';
import type { PricesFile } from '../generated/prices.ts';
import type { TableSpec } from '../generated/tables.ts';
import { checkPrices, checkSettings, checkTables, listedEnvironments } from './check.ts';
import { environmentProblem, unlistedAmong } from './environment.ts';
import { open } from './open.ts';
import { ConfigError, inOrder, type Problem } from './problem.ts';
import { isFolder, problemOfFile } from './read.ts';
import { settle } from './settle.ts';
import type { ConfigSource } from './source.ts';
import type { Parse, Parsed } from './validate.ts';
import { writtenSpecs } from './written.ts';

/** The files of a configuration that could be read, and every problem in them. */
export interface ConfigFiles {
  /** In the order tables.json, settings.json, prices.json, and by position within a file. */
  readonly problems: readonly Problem[];
  /** The environments that settings.json lists. */
  readonly environments: readonly string[];
  readonly tables?: Parsed;
  readonly settings?: Parsed;
  readonly prices?: Parsed;
}

/** `readConfig` of index.ts, with what `parse` says. */
export function read(source: ConfigSource, environment: string | undefined, parse: Parse): ConfigFiles {
  if (typeof source === 'string' && !isFolder(source))
    return {
      problems: [problemOfFile(source, 'must be a folder that contains a tables.json.')],
      environments: [],
    };
  const tables = open(
    parse,
    source,
    'tables.json',
    'does not exist. Create this file with your table specs.',
  );
  const settings = open(parse, source, 'settings.json');
  const prices = open(parse, source, 'prices.json');
  const environments = listedEnvironments(settings.document);
  const named = environment === undefined ? environments : [...environments, environment];
  const problems = [
    ...tables.problems,
    ...(tables.document ? checkTables(tables.document, named) : []),
    ...settings.problems,
    ...(settings.document ? checkSettings(settings.document, tables.document) : []),
    ...prices.problems,
    ...(prices.document ? checkPrices(prices.document) : []),
  ];
  return {
    problems: inOrder(problems),
    environments,
    tables: tables.document,
    settings: settings.document,
    prices: prices.document,
  };
}

/** `loadConfig` of index.ts, with what `parse` says. @throws ConfigError */
export function load(source: ConfigSource, environment: string, parse: Parse): Config {
  const wrongName = environmentProblem(environment);
  const { problems, environments, tables, settings, prices } = read(
    source,
    wrongName ? undefined : environment,
    parse,
  );
  const all = wrongName ? [wrongName, ...problems] : problems;
  if (all.length > 0 || !tables) throw new ConfigError(all);
  const specs = (writtenSpecs(tables.value) ?? []).map(({ value }) => value as TableSpec);
  const config = settle(
    specs,
    settings?.value,
    environment,
    pricesOf(prices?.value as PricesFile | undefined),
  );
  const unlisted = unlistedAmong(environment, environments);
  return unlisted ? Object.freeze({ ...config, unlisted }) : config;
}
