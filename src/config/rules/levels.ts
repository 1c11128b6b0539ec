import { at, layersOf } from '../merge.ts';
import type { Path } from '../problem.ts';

/** The paths at which the settings file can have a level. */
export function levelPaths(file: unknown): Path[] {
  return [['Defaults'], ...keysAt(file, ['Environments']).map((name): Path => ['Environments', name])];
}

/** The levels that apply in one environment to one spec, or to all specs. */
export interface Scope<Spec> {
  readonly spec: Spec;
  /** In ascending priority. */
  readonly levels: readonly Path[];
}

/** Stands for every environment that the settings do not list. Only the defaults apply there. */
const UNLISTED = '';

/** A scope for each of `specs` in every listed environment, and in one that is not listed. */
export function scopesOf<Spec extends string | undefined>(
  file: unknown,
  specs: readonly Spec[],
): Scope<Spec>[] {
  const environments = [UNLISTED, ...keysAt(file, ['Environments'])];
  return environments.flatMap((environment) =>
    specs.map((spec) => ({
      spec,
      levels: layersOf(file, environment, spec).map(({ path }) => path),
    })),
  );
}

/** A scope for all specs together, and for each spec that the settings name, in every environment. */
export function allScopesOf(file: unknown): Scope<string | undefined>[] {
  const named = new Set(levelPaths(file).flatMap((level) => keysAt(file, [...level, 'Tables'])));
  return scopesOf(file, [undefined, ...named]);
}

/** Paths, relative to a level, of the scaling of the table and of each index that a level names. */
export function ownersIn(file: unknown, levels: readonly Path[]): Path[] {
  const names = new Set(levels.flatMap((level) => keysAt(file, [...level, 'Scaling', 'Indexes'])));
  return [['Scaling'], ...[...names].map((name) => ['Scaling', 'Indexes', name])];
}

/** The keys of the object at a path. Empty if the path has no object. */
export function keysAt(file: unknown, path: Path): string[] {
  const value = at(file, path);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}
