import { join } from 'node:path';
import { type Prices, pricesOf } from '../core/prices.ts';
import type { Config } from '../core/spec.ts';
import type { PricesFile } from '../generated/prices.ts';
import type { TableSpec } from '../generated/tables.ts';
import { checkPrices, checkSettings, checkTables, listedEnvironments } from './check.ts';
import { Document } from './document.ts';
import { environmentProblem } from './environment.ts';
import { ConfigError, inOrder, type Problem } from './problem.ts';
import { isFolder, problemOfFile, readText } from './read.ts';
import { settle } from './settle.ts';
import { writtenSpecs } from './written.ts';

export { ConfigError, type Problem, sayProblem } from './problem.ts';

/** The files of a config folder as far as they could be read, and all that is wrong with them. */
export interface ConfigFiles {
  /** tables.json first, then settings.json and prices.json, each from top to bottom. */
  readonly problems: readonly Problem[];
  /** The environments that settings.json lists. */
  readonly environments: readonly string[];
  readonly tables?: Document;
  readonly settings?: Document;
  readonly prices?: Document;
}

/** Reads and checks a config folder, for `environment` and all that settings.json lists. Never throws. */
export function readConfig(folder: string, environment?: string): ConfigFiles {
  if (!isFolder(folder))
    return {
      problems: [problemOfFile(folder, 'must be a folder with a tables.json in it.')],
      environments: [],
    };
  const tables = open(join(folder, 'tables.json'), 'does not exist; it must hold the table specs.');
  const settings = open(join(folder, 'settings.json'));
  const prices = open(join(folder, 'prices.json'));
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

/** The config of one environment, settled and frozen. Throws ConfigError with every problem of all files. */
export function loadConfig(folder: string, environment: string): Config {
  const wrongName = environmentProblem(environment);
  const { problems, tables, settings, prices } = readConfig(folder, wrongName ? undefined : environment);
  const all = wrongName ? [wrongName, ...problems] : problems;
  if (all.length > 0 || !tables) throw new ConfigError(all);
  const specs = (writtenSpecs(tables.value) ?? []).map(({ value }) => value as TableSpec);
  return settle(specs, settings?.value, environment, pricesOf(prices?.value as PricesFile | undefined));
}

/** The prices of a config folder, whose other files may be missing or wrong. Throws ConfigError. */
export function loadPrices(folder: string): Prices {
  const { document, problems } = open(join(folder, 'prices.json'));
  const all = document ? checkPrices(document) : problems;
  if (all.length > 0) throw new ConfigError(all);
  return pricesOf(document?.value as PricesFile | undefined);
}

/** A file that is absent is a problem only where `ifAbsent` says so. */
function open(path: string, ifAbsent?: string): { document?: Document; problems: Problem[] } {
  const reading = readText(path);
  if ('text' in reading) return { document: new Document(path, reading.text), problems: [] };
  if ('problem' in reading) return { problems: [reading.problem] };
  return { problems: ifAbsent ? [problemOfFile(path, ifAbsent)] : [] };
}
