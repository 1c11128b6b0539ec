import type { Finding, Sound } from '../finding.ts';
import { at } from '../merge.ts';
import type { Path } from '../problem.ts';
import { keysAt, levelPaths } from './levels.ts';

/** Windows that end at the time they start. They could mean "never" or "always", so they are errors. */
export function findInMaintenance(file: unknown, sound: Sound): Finding[] {
  const levels = levelPaths(file).flatMap((level): Path[] => [
    level,
    ...keysAt(file, [...level, 'Tables']).map((name) => [...level, 'Tables', name]),
  ]);
  return levels.flatMap((level) => {
    const windows = at(file, [...level, 'Maintenance']);
    const count = Array.isArray(windows) ? windows.length : 0;
    return Array.from({ length: count }, (_, i) => [...level, 'Maintenance', i]).flatMap((place) => {
      const [from, to] = [at(file, [...place, 'From']), at(file, [...place, 'To'])];
      if (!sound(place) || from !== to) return [];
      const message = 'is the same time as From. For a whole day, use From "00:00" and To "24:00".';
      return [{ at: [...place, 'To'], message }];
    });
  });
}
