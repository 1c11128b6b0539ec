import { at } from './merge.ts';
import type { Path } from './problem.ts';

/** A spec as it stands in the file: only what is sound in it can be relied on. */
export interface Written {
  readonly path: Path;
  readonly value: unknown;
}

/** The specs of a tables file in either of its two forms; undefined where there is no list of them. */
export function writtenSpecs(file: unknown): Written[] | undefined {
  const path = Array.isArray(file) ? [] : ['Tables'];
  const list = at(file, path);
  return Array.isArray(list) ? list.map((value, i) => ({ path: [...path, i], value })) : undefined;
}
