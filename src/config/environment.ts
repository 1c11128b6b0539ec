import type { Config } from '../core/spec.ts';
import type { Problem } from './problem.ts';
import { quote } from './quote.ts';
import { problemOfFile } from './read.ts';
import { settings } from './schema.ts';
import { similarName } from './similar.ts';

const names = settings.properties?.Environments?.propertyNames ?? {};

/** The problem with an environment's name, if it violates the pattern in the settings schema. */
export function environmentProblem(name: string): Problem | undefined {
  const valid = new RegExp(names.pattern ?? '').test(name) && name.length <= (names.maxLength ?? Infinity);
  return valid ? undefined : problemOfFile(`environment ${quote(name)}`, `${names.errorMessage}.`);
}

/** What is doubtful about an environment that settings.json does not list; undefined if it lists it, or none. */
export function unlistedAmong(name: string, listed: readonly string[]): Config['unlisted'] {
  if (listed.length === 0 || listed.includes(name)) return undefined;
  const similarTo = similarName(name, listed);
  return similarTo === undefined ? {} : { similarTo };
}
