import type { Finding, Sound } from '../finding.ts';
import { at } from '../merge.ts';
import type { Path } from '../problem.ts';
import { formatPath } from '../quote.ts';
import { allScopesOf, ownersIn } from './levels.ts';

/** Every Min above its Max after the levels are merged, in any environment, for all specs or for one. */
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

/** Reported at the bound of the later level, because the other bound is valid by itself. */
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
  const [wrong, other, limit] =
    max.depth > min.depth ? [max, min, 'at least Min'] : [min, max, 'at most Max'];
  const source = min.depth === max.depth ? '' : ` (${formatPath(other.path)})`;
  return {
    at: wrong.path,
    message: `is ${wrong.value}, but must be ${limit}, which is ${other.value}${source}.`,
  };
}
