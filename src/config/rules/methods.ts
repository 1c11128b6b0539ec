import type { Finding, Sound } from '../finding.ts';
import { at } from '../merge.ts';
import type { Path } from '../problem.ts';
import { listed, sayPath } from '../quote.ts';
import { levelDefaults } from '../schema.ts';
import { allScopesOf, ownersIn } from './levels.ts';

/** Which methods go by a parameter. `none` lets all of them stand, for it switches scaling off and on again. */
const users = {
  BurstReliance: ['predictive'],
  TargetUtilization: ['reactive', 'target-tracking'],
  Step: ['step'],
} as const;

type Parameter = keyof typeof users;
const parameters = Object.keys(users) as Parameter[];

/** What counts for one table or index: the levels, weakest first, and where in each its settings stand. */
interface Place {
  readonly levels: readonly Path[];
  /** What an index does not set is as for its table. */
  readonly owners: readonly Path[];
}

/** Parameters that no method goes by, and thresholds that cross, once the levels are merged. */
export function findInMethods(file: unknown, sound: Sound): Finding[] {
  const all = placesIn(file);
  return [...idle(file, all, sound), ...all.flatMap((place) => crossed(file, place, sound) ?? [])].filter(
    (finding) => sound(finding.at),
  );
}

const placesIn = (file: unknown): Place[] =>
  allScopesOf(file).flatMap(({ levels }) => {
    const [table, ...indexes] = ownersIn(file, levels);
    return [[table!], ...indexes.map((index) => [index, table!])].map((owners) => ({ levels, owners }));
  });

/** Where a key is set that counts for a place. */
function found(file: unknown, { levels, owners }: Place, key: Path): Path | undefined {
  return owners
    .map((owner) => levels.map((level) => [...level, ...owner, ...key]))
    .map((paths) => paths.findLast((path) => at(file, path) !== undefined))
    .find((path) => path !== undefined);
}

const valueAt = (file: unknown, path: Path | undefined, key: Path): unknown =>
  path ? at(file, path) : at(levelDefaults, ['Scaling', ...key]);

/** A parameter says nothing where it stands if no place to which it counts has a method that goes by it. */
function idle(file: unknown, places: readonly Place[], sound: Sound): Finding[] {
  const methods = new Map<string, { path: Path; parameter: Parameter; methods: Set<string> }>();
  for (const place of places) {
    const set = found(file, place, ['Method']);
    const method = set && !sound(set) ? 'none' : String(valueAt(file, set, ['Method']));
    for (const parameter of parameters)
      for (const path of settingsOf(file, place, parameter)) {
        const known = methods.get(JSON.stringify(path)) ?? { path, parameter, methods: new Set() };
        known.methods.add(method);
        methods.set(JSON.stringify(path), known);
      }
  }
  return [...methods.values()].flatMap(({ path, parameter, methods }) => {
    const by: readonly string[] = users[parameter];
    if ([...methods].some((method) => by.includes(method) || method === 'none')) return [];
    const message = `must be left out: it is for Method ${listed(by, 'and')}, and Method is ${listed([...methods], 'or')} here.`;
    return { at: path, message };
  });
}

/** Where a parameter that counts for a place is set; of an object, each part may be at another level. */
function settingsOf(file: unknown, place: Place, parameter: Parameter): Path[] {
  if (parameter !== 'Step') return [found(file, place, [parameter])].filter((path) => path !== undefined);
  const paths = place.owners.flatMap((owner) => place.levels.map((level) => [...level, ...owner, parameter]));
  return paths.filter((path) => at(file, path) !== undefined);
}

/** Said at LowerBelow, unless only the other one is set. */
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
  const [said, other, words] =
    path === lower.path
      ? [lower, raise, 'less than RaiseAbove']
      : ([raise, lower, 'more than LowerBelow'] as const);
  const where = other.path ? ` (${sayPath(other.path)})` : ' by default';
  return { at: path, message: `must be ${words}, which is ${other.value}${where}; it is ${said.value}.` };
}
