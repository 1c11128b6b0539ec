import type { Parse } from './validate.ts';

/**
 * Parses a file without the position of each value and without messages, because only an invalid configuration needs them. If the
 * value conforms to its schema and has no duplicate key, `explained` reads the same value.
 */
export const quick: Parse = (file, text) => {
  const problem = () => ({ file, line: 1, column: 1, path: '', message: 'is invalid.' });
  const violations = () => [{ at: [], message: 'is invalid.' }];
  try {
    const value: unknown = JSON.parse(text);
    const duplicates = keysIn(value) === keysWritten(text) ? [] : [problem()];
    return { value, syntax: [], duplicates, problem, violations };
  } catch {
    return { value: undefined, syntax: [problem()], duplicates: [], problem, violations };
  }
};

/** Strings of valid JSON. One before a colon is a key. */
const STRING = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

const keysWritten = (text: string): number => [...text.matchAll(STRING)].filter(([, colon]) => colon).length;

/** Fewer than are written if a key occurs twice in one object. */
function keysIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce<number>((sum, part) => sum + keysIn(part), own);
}
