import { parseTableName, STATE_TABLE } from '../../core/calendar/naming.ts';
import type { RotationScheme } from '../../core/calendar/period.ts';
import type { Finding, Sound } from '../finding.ts';
import { at } from '../merge.ts';
import type { Path } from '../problem.ts';
import { quote, sayPath } from '../quote.ts';
import type { Written } from '../written.ts';

/** DynamoDB's limit for a table's name. */
const LONGEST = 255;

interface Named {
  readonly at: Path;
  readonly name: string;
  readonly scheme: RotationScheme | undefined;
}

/** What is wrong with the names of all specs together, in each of the environments. */
export function findInNames(
  specs: readonly Written[],
  environments: readonly string[],
  sound: Sound,
): Finding[] {
  const named = specs.flatMap(({ path, value }): Named[] => {
    const place = [...path, 'TableName'];
    if (!sound(place)) return [];
    const scheme = sound([...path, 'RotationScheme']) ? at(value, ['RotationScheme']) : undefined;
    return [
      { at: place, name: String(at(value, ['TableName'])), scheme: scheme as RotationScheme | undefined },
    ];
  });
  const first = new Map(named.toReversed().map((spec) => [spec.name, spec]));
  return named.flatMap(
    (spec) =>
      reserved(spec) ?? repeated(spec, first) ?? tooLong(spec, environments) ?? mistakable(spec, first) ?? [],
  );
}

function reserved({ at, name }: Named): Finding | undefined {
  if (name !== STATE_TABLE) return undefined;
  return {
    at,
    message: `must not be ${quote(STATE_TABLE)}: "<environment>.${STATE_TABLE}" is the state table's name.`,
  };
}

function repeated({ at, name }: Named, first: ReadonlyMap<string, Named>): Finding | undefined {
  const earlier = first.get(name);
  if (!earlier || earlier.at === at) return undefined;
  const other = sayPath(earlier.at.slice(0, -1));
  return { at, message: `must not be ${quote(name)} a second time: ${other} has that name already.` };
}

function tooLong({ at, name, scheme }: Named, environments: readonly string[]): Finding | undefined {
  const longest = [...environments].sort((a, b) => b.length - a.length)[0];
  if (longest === undefined || scheme === undefined) return undefined;
  const suffix = scheme === 'none' ? '' : scheme === 'hourly' ? '.2026010100' : '.20260101';
  const length = `${longest}.${name}${suffix}`.length;
  if (length <= LONGEST) return undefined;
  const message = `must be ${length - LONGEST} characters shorter: in the environment ${quote(longest)} its tables' names have ${length}, and DynamoDB allows ${LONGEST}.`;
  return { at, message };
}

/** The one table of a `none` spec may have a name that another spec would take for one of its own, and purge. */
function mistakable({ at, name, scheme }: Named, specs: ReadonlyMap<string, Named>): Finding | undefined {
  const other = specs.get(name.slice(0, Math.max(0, name.lastIndexOf('.'))));
  if (scheme !== 'none' || !other?.scheme || other.scheme === 'none') return undefined;
  const environment = 'any';
  const group = { environment, name: other.name, scheme: other.scheme };
  if (!parseTableName(group, `${environment}.${name}`)) return undefined;
  const message = `must not be ${quote(name)}: ${sayPath(other.at.slice(0, -1))} (${quote(other.name)}) makes a table of that very name.`;
  return { at, message };
}
