import type { MethodParameter } from '../../core/capacity/method.ts';
import { methods } from '../../core/scaling/methods/index.ts';
import type { Finding, Sound } from '../finding.ts';
import { at } from '../merge.ts';
import type { Path } from '../problem.ts';
import { formatPath, listed } from '../quote.ts';
import { levelDefaults } from '../schema.ts';
import { allScopesOf, ownersIn } from './levels.ts';

type Parameter = MethodParameter;

const parameters = new Set<Parameter>(Object.values(methods).flatMap((method) => method.parameters));

/** The methods that use a parameter. `none` accepts all of them, because it only disables scaling temporarily. */
const usersOf = (parameter: Parameter): string[] =>
  Object.entries(methods).flatMap(([name, method]) => (method.parameters.includes(parameter) ? [name] : []));

/** One table or index: the levels that apply, in ascending priority, and the paths of its settings in each level. */
interface Place {
  readonly levels: readonly Path[];
  /** The index first, then its table, which provides the keys that the index does not set. */
  readonly owners: readonly Path[];
}

/** Parameters that the method does not use, and thresholds that contradict each other, after the levels are merged. */
export function findInMethods(file: unknown, sound: Sound): Finding[] {
  const all = placesIn(file);
  return [...unused(file, all, sound), ...all.flatMap((place) => crossed(file, place, sound) ?? [])].filter(
    (finding) => sound(finding.at),
  );
}

const placesIn = (file: unknown): Place[] =>
  allScopesOf(file).flatMap(({ levels }) => {
    const table: Path = ['Scaling'];
    return ownersIn(file, levels).map((owner) => ({
      levels,
      owners: owner.length > table.length ? [owner, table] : [table],
    }));
  });

/** The path at which the value of a key for a place is set. */
function found(file: unknown, { levels, owners }: Place, key: Path): Path | undefined {
  return owners
    .map((owner) => levels.map((level) => [...level, ...owner, ...key]))
    .map((paths) => paths.findLast((path) => at(file, path) !== undefined))
    .find((path) => path !== undefined);
}

const valueAt = (file: unknown, path: Path | undefined, key: Path): unknown =>
  path ? at(file, path) : at(levelDefaults, ['Scaling', ...key]);

/** A parameter is an error if no place to which it applies has a method that uses the parameter. */
function unused(file: unknown, places: readonly Place[], sound: Sound): Finding[] {
  const uses = new Map<string, { path: Path; parameter: Parameter; methods: Set<string> }>();
  for (const place of places) {
    const set = found(file, place, ['Method']);
    const method = set && !sound(set) ? 'none' : String(valueAt(file, set, ['Method']));
    for (const parameter of parameters)
      for (const path of settingsOf(file, place, parameter)) {
        const known = uses.get(JSON.stringify(path)) ?? { path, parameter, methods: new Set() };
        known.methods.add(method);
        uses.set(JSON.stringify(path), known);
      }
  }
  return [...uses.values()].flatMap(({ path, parameter, methods }) => {
    const by = usersOf(parameter);
    if ([...methods].some((method) => by.includes(method) || method === 'none')) return [];
    const message = `is not allowed with Method ${listed([...methods], 'or')}. Only Method ${listed(by, 'or')} uses this key.`;
    return { at: path, message };
  });
}

/** The paths at which a parameter of a place is set. The parts of an object can be at different levels. */
function settingsOf(file: unknown, place: Place, parameter: Parameter): Path[] {
  const isObject = typeof at(levelDefaults, ['Scaling', parameter]) === 'object';
  if (!isObject) return [found(file, place, [parameter])].filter((path) => path !== undefined);
  const paths = place.owners.flatMap((owner) => place.levels.map((level) => [...level, ...owner, parameter]));
  return paths.filter((path) => at(file, path) !== undefined);
}

/** Reported at LowerBelow, unless only RaiseAbove is set. */
function crossed(file: unknown, place: Place, sound: Sound): Finding | undefined {
  const threshold = (key: 'RaiseAbove' | 'LowerBelow') => {
    const path = found(file, place, ['Step', key]);
    return { path, value: Number(valueAt(file, path, ['Step', key])) };
  };
  const raise = threshold('RaiseAbove');
  const lower = threshold('LowerBelow');
  const path = lower.path ?? raise.path;
  if (!path || ![raise, lower].every((one) => !one.path || sound(one.path))) return undefined;
  if (lower.value < raise.value) return undefined;
  const [wrong, other, limit] =
    path === lower.path
      ? [lower, raise, 'less than RaiseAbove']
      : ([raise, lower, 'greater than LowerBelow'] as const);
  const source = other.path ? ` (${formatPath(other.path)})` : ' by default';
  return { at: path, message: `is ${wrong.value}, but must be ${limit}, which is ${other.value}${source}.` };
}
