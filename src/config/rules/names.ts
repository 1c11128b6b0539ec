import { DRILLS, parseTableName, STATE_TABLE, tableName } from '../../core/calendar/naming.ts';
import { periodAt, type RotationScheme } from '../../core/calendar/period.ts';
import type { EarlierScheme } from '../../generated/tables.ts';
import type { Finding, Sound } from '../finding.ts';
import { at } from '../merge.ts';
import type { Path } from '../problem.ts';
import { formatPath, quote } from '../quote.ts';
import type { Written } from '../written.ts';

/** DynamoDB's limit for the length of a table name. */
const LONGEST = 255;

interface Named {
  readonly at: Path;
  readonly name: string;
  readonly scheme: RotationScheme | undefined;
  /** The schemes before a change. Their names belong to the group too. */
  readonly earlier: readonly RotationScheme[];
}

/** Problems with the names of all specs, in each of the environments. */
export function findInNames(
  specs: readonly Written[],
  environments: readonly string[],
  sound: Sound,
): Finding[] {
  const named = specs.flatMap(({ path, value }): Named[] => {
    const place = [...path, 'TableName'];
    if (!sound(place)) return [];
    const scheme = sound([...path, 'RotationScheme']) ? at(value, ['RotationScheme']) : undefined;
    const before = sound([...path, 'Previously']) ? at(value, ['Previously']) : undefined;
    const earlier = ((before ?? []) as readonly EarlierScheme[]).map(({ RotationScheme }) => RotationScheme);
    const name = String(at(value, ['TableName']));
    return [{ at: place, name, scheme: scheme as RotationScheme | undefined, earlier }];
  });
  const first = new Map(named.toReversed().map((spec) => [spec.name, spec]));
  return named.flatMap(
    (spec) =>
      reserved(spec) ?? repeated(spec, first) ?? tooLong(spec, environments) ?? ambiguous(spec, first) ?? [],
  );
}

function reserved({ at, name }: Named): Finding | undefined {
  if (name === DRILLS || name.startsWith(`${DRILLS}.`))
    return {
      at,
      message: `is ${quote(name)}, but names below "<environment>.${DRILLS}" are reserved for the scratch tables of restore drills.`,
    };
  if (name !== STATE_TABLE) return undefined;
  return {
    at,
    message: `is ${quote(STATE_TABLE)}, but the name "<environment>.${STATE_TABLE}" is reserved for the state table.`,
  };
}

function repeated({ at, name }: Named, first: ReadonlyMap<string, Named>): Finding | undefined {
  const earlier = first.get(name);
  if (!earlier || earlier.at === at) return undefined;
  const other = formatPath(earlier.at.slice(0, -1));
  return {
    at,
    message: `is ${quote(name)}, but ${other} already has that name. Each TableName must be unique.`,
  };
}

function tooLong({ at, name, scheme, earlier }: Named, environments: readonly string[]): Finding | undefined {
  const longest = [...environments].sort((a, b) => b.length - a.length)[0];
  if (longest === undefined || scheme === undefined) return undefined;
  const lengths = [scheme, ...earlier].map(
    (each) => tableName({ environment: longest, name, scheme: each }, periodAt(each, 0)).length,
  );
  const length = Math.max(...lengths);
  if (length <= LONGEST) return undefined;
  const message = `is ${length - LONGEST} characters too long. Table names in environment ${quote(longest)} have ${length} characters, and DynamoDB allows ${LONGEST}.`;
  return { at, message };
}

/** The table of a `none` spec can have a name that belongs to another spec, which would then purge the table. */
function ambiguous({ at, name, scheme }: Named, specs: ReadonlyMap<string, Named>): Finding | undefined {
  const other = specs.get(name.slice(0, Math.max(0, name.lastIndexOf('.'))));
  if (scheme !== 'none' || !other?.scheme || other.scheme === 'none') return undefined;
  const environment = 'any';
  const creates = [other.scheme, ...other.earlier].some((each) =>
    parseTableName({ environment, name: other.name, scheme: each }, `${environment}.${name}`),
  );
  if (!creates) return undefined;
  const message = `is ${quote(name)}, but ${formatPath(other.at.slice(0, -1))} (${quote(other.name)}) creates a table with the same name.`;
  return { at, message };
}
