import type { Problem } from './problem.ts';
import { quote } from './quote.ts';
import { problemOfFile } from './read.ts';
import { settings } from './schema.ts';

const names = settings.properties?.Environments?.propertyNames ?? {};

/** What is wrong with the name of an environment that was asked for; the schema says what names may be. */
export function environmentProblem(name: string): Problem | undefined {
  const right = new RegExp(names.pattern ?? '').test(name) && name.length <= (names.maxLength ?? Infinity);
  return right ? undefined : problemOfFile(`environment ${quote(name)}`, `${names.errorMessage}.`);
}
