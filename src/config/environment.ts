import type { Problem } from './problem.ts';
import { quote } from './quote.ts';
import { problemOfFile } from './read.ts';
import { settings } from './schema.ts';

const names = settings.properties?.Environments?.propertyNames ?? {};

/** The problem with an environment's name, if it violates the pattern in the settings schema. */
export function environmentProblem(name: string): Problem | undefined {
  const valid = new RegExp(names.pattern ?? '').test(name) && name.length <= (names.maxLength ?? Infinity);
  return valid ? undefined : problemOfFile(`environment ${quote(name)}`, `${names.errorMessage}.`);
}
