import type { Finding, Sound } from '../finding.ts';
import { at, layersOf } from '../merge.ts';
import type { Path } from '../problem.ts';
import { sayPath } from '../quote.ts';
import { keysAt, levelPaths } from './settings.ts';

/** An environment that no file lists: what holds there is the defaults alone. */
const UNLISTED = '';

/** Where bounds cross once the levels are merged, in any environment, for all specs or for one. */
export function findInBounds(file: unknown, sound: Sound): Finding[] {
  const specs = new Set(levelPaths(file).flatMap((level) => keysAt(file, [...level, 'Tables'])));
  const environments = [UNLISTED, ...keysAt(file, ['Environments'])];
  return environments.flatMap((environment) =>
    [undefined, ...specs].flatMap((spec) => {
      const levels = layersOf(file, environment, spec).map(({ path }) => path);
      return rangesIn(file, levels).flatMap((range) => crossed(file, levels, range, sound) ?? []);
    }),
  );
}

function rangesIn(file: unknown, levels: readonly Path[]): Path[] {
  const names = new Set(levels.flatMap((level) => keysAt(file, [...level, 'Scaling', 'Indexes'])));
  const owners: Path[] = [['Scaling'], ...[...names].map((name) => ['Scaling', 'Indexes', name])];
  return owners.flatMap((owner) => [
    [...owner, 'Read'],
    [...owner, 'Write'],
  ]);
}

/** Said at the bound of the later level: the other one stands on its own. */
function crossed(file: unknown, levels: readonly Path[], range: Path, sound: Sound): Finding | undefined {
  const find = (bound: string) => {
    const depth = levels.findLastIndex((level) => at(file, [...level, ...range, bound]) !== undefined);
    const path = [...(levels[depth] ?? []), ...range, bound];
    return { depth, path, value: Number(at(file, path)) };
  };
  const min = find('Min');
  const max = find('Max');
  if (min.depth < 0 || max.depth < 0 || !sound(min.path) || !sound(max.path) || min.value <= max.value)
    return undefined;
  const [said, other, words] =
    max.depth > min.depth ? [max, min, 'less than Min'] : [min, max, 'more than Max'];
  const where = min.depth === max.depth ? '' : ` (${sayPath(other.path)})`;
  return {
    at: said.path,
    message: `must not be ${words}, which is ${other.value}${where}; it is ${said.value}.`,
  };
}
