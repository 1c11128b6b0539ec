import { expiring, expiringOfAll, roomFor } from '../core/purging/expiring.ts';
import type { Config } from '../core/spec.ts';

/** What is valid in a configuration but probably not intended, each as a sentence that names the environment. */
export function warningsOf({ environment, specs, settings }: Config): string[] {
  const { maxPerRun = Infinity } = settings.purge;
  const all = expiringOfAll({ specs });
  const tight = (setting: string, most: number, count: number, what: string): string =>
    `${environment}: ${setting} is ${most}, but up to ${count} ${what} expire in a day, or in a longer waiting period. Purge would never catch up. Set it to at least ${roomFor(count)}, or remove it.`;
  const ofRun = maxPerRun < all ? [tight('Purge.MaxPerRun', maxPerRun, all, 'tables')] : [];
  const ofGroups = specs.flatMap((spec) => {
    const { maxPerGroup = Infinity } = spec.settings.purge;
    const count = expiring(spec);
    return maxPerGroup < count
      ? [tight('Purge.MaxPerGroup', maxPerGroup, count, `tables of ${spec.name}`)]
      : [];
  });
  return [...ofRun, ...ofGroups];
}
