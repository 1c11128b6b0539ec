import type { Finding, Sound } from '../finding.ts';
import { at } from '../merge.ts';
import type { Path } from '../problem.ts';
import { sayPath } from '../quote.ts';
import { allScopesOf, ownersIn } from './levels.ts';

/** Where bounds cross once the levels are merged, in any environment, for all specs or for one. */
export function findInBounds(file: unknown, sound: Sound): Finding[] {
  return allScopesOf(file).flatMap(({ levels }) =>
    rangesIn(file, levels).flatMap((range) => crossed(file, levels, range, sound) ?? []),
  );
}

const rangesIn = (file: unknown, levels: readonly Path[]): Path[] =>
  ownersIn(file, levels).flatMap((owner) => [
    [...owner, 'Read'],
    [...owner, 'Write'],
  ]);

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
