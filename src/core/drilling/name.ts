import { DRILLS } from '../calendar/naming.ts';
import { spread } from '../calendar/spread.ts';

/** DynamoDB's limit for the length of a table name. */
const LONGEST = 255;

/** What the names of all scratch tables of an environment begin with. Nothing else may have such a name. */
export const scratchPrefix = (environment: string): string => `${environment}.${DRILLS}.`;

/** The scratch table of a group: one, so that no group ever has two. A long name is cut, and a hash tells it apart. */
export function scratchName(environment: string, group: string): string {
  const name = scratchPrefix(environment) + group;
  if (name.length <= LONGEST) return name;
  const hash = spread(group, 2 ** 32)
    .toString(16)
    .padStart(8, '0');
  return `${name.slice(0, LONGEST - hash.length - 1)}-${hash}`;
}
