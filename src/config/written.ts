import { at } from './merge.ts';
import type { Path } from './problem.ts';

/** A spec as the file contains it. Only its valid parts can be trusted. */
export interface Written {
  readonly path: Path;
  readonly value: unknown;
}

/** The specs of a tables file in either of its two forms, or undefined if it contains no list of specs. */
export function writtenSpecs(file: unknown): Written[] | undefined {
  const path = Array.isArray(file) ? [] : ['Tables'];
  const list = at(file, path);
  return Array.isArray(list) ? list.map((value, i) => ({ path: [...path, i], value })) : undefined;
}
