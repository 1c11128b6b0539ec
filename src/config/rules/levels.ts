import { at, layersOf } from '../merge.ts';
import type { Path } from '../problem.ts';

/** The places where a level of the settings can stand. */
export function levelPaths(file: unknown): Path[] {
  return [['Defaults'], ...keysAt(file, ['Environments']).map((name): Path => ['Environments', name])];
}

/** What counts in one environment for a spec, or for all of them. */
export interface Scope<Spec> {
  readonly spec: Spec;
  /** Weakest first. */
  readonly levels: readonly Path[];
}

/** An environment that no file lists: what holds there is the defaults alone. */
const UNLISTED = '';

/** Each of `specs`, in every environment that settings list and in one that they do not. */
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

/** All specs together, and each that settings name by itself, in every environment. */
export function allScopesOf(file: unknown): Scope<string | undefined>[] {
  const named = new Set(levelPaths(file).flatMap((level) => keysAt(file, [...level, 'Tables'])));
  return scopesOf(file, [undefined, ...named]);
}

/** Where scaling of the table, and of each index that any of the levels names, is set; from the level. */
export function ownersIn(file: unknown, levels: readonly Path[]): Path[] {
  const names = new Set(levels.flatMap((level) => keysAt(file, [...level, 'Scaling', 'Indexes'])));
  return [['Scaling'], ...[...names].map((name) => ['Scaling', 'Indexes', name])];
}

/** The keys of an object at a path; none where there is no object. */
export function keysAt(file: unknown, path: Path): string[] {
  const value = at(file, path);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}
