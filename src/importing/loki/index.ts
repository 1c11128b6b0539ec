import type { SettingsFile } from '../../generated/settings.ts';
import type { TableSpec } from '../../generated/tables.ts';
import type { Imported, ReportLine, SourceProblem } from '../report.ts';
import { type Leaf, readYaml, sayPath } from '../yaml-source.ts';
import { hoursOf } from './duration.ts';
import { messageFor } from './messages.ts';
import { leafAt, type PeriodicTables, tablesOf, type Unfit } from './tables.ts';
import { throughputOf } from './throughput.ts';

/** Whether a text is YAML with the sections of Loki's or Cortex's table manager. */
export const isSchemaConfig = (text: string): boolean =>
  /^(?:schema_config|table_manager|configs):/m.test(text);

const NOTES = [
  'Tables of Loki and Cortex have other names: a prefix and the number of the period since 1970, such as index_2968. Turntable cannot adopt them, and Loki and Cortex do not find tables of Turntable. A spec is for an application that replaces them.',
  'Weeks of Loki and Cortex begin on Thursday, because 1970-01-01 was one. Those of Turntable begin on Monday.',
] as const;

/** Converts the `schema_config` and `table_manager` of Loki or Cortex. */
export async function importSchemaConfig(text: string): Promise<Imported> {
  const source = await readYaml(text);
  // A file for -schema-config-file of Cortex has the entries at the top.
  const leaves = source.leaves.map((leaf) =>
    leaf.path[0] === 'configs' ? { ...leaf, path: ['schema_config', ...leaf.path] } : leaf,
  );
  const problems = [...source.problems, ...invalidIn(leaves)];
  const found = entriesIn(leaves).flatMap((entry) =>
    (['index', 'chunks'] as const).flatMap((which) => tablesOf(leaves, entry, which) ?? []),
  );
  const tables = found.filter((one): one is PeriodicTables => 'scheme' in one);
  const specs = specsOf(leaves, tables);
  return {
    kind: 'a schema config of Loki or Cortex',
    specs,
    ...(specs.length > 0 && { settings: settingsOf(leaves, tables) }),
    report: reportOf(
      leaves,
      tables,
      found.filter((one): one is Unfit => 'message' in one),
    ),
    notes: NOTES,
    problems: problems.toSorted((a, b) => a.line - b.line),
  };
}

const entriesIn = (leaves: readonly Leaf[]): number[] => [
  ...new Set(
    leaves.flatMap(({ path: [first, second, entry] }) =>
      first === 'schema_config' && second === 'configs' && typeof entry === 'number' ? [entry] : [],
    ),
  ),
];

/** Without what separates it from the number. */
const nameOf = ({ prefix }: PeriodicTables): string => String(prefix.value).replace(/[-_.]+$/, '');

function invalidIn(leaves: readonly Leaf[]): SourceProblem[] {
  const problem = ({ line, path, value }: Leaf, right: string): SourceProblem => ({
    line,
    message: `${sayPath(path)} ${JSON.stringify(value)} ${right}`,
  });
  return leaves.flatMap((leaf) => {
    const key = leaf.path.at(-1);
    if (leaf.path[0] !== 'schema_config' && leaf.path[0] !== 'table_manager') return [];
    if ((key === 'period' || key === 'retention_period') && hoursOf(leaf.value) === undefined)
      return [problem(leaf, 'is not a duration such as 168h.')];
    if (key === 'prefix' && !/^[\w.-]*[A-Za-z0-9][\w.-]*$/.test(String(leaf.value)))
      return [problem(leaf, 'is not a prefix of a table name: letters, digits, "_", "-" and ".".')];
    return [];
  });
}

/** One spec for each prefix. Of several entries with a prefix, the last is the newest. */
function specsOf(leaves: readonly Leaf[], tables: readonly PeriodicTables[]): TableSpec[] {
  const byName = new Map(tables.map((one) => [nameOf(one), one]));
  return [...byName].map(([TableName, one]) => {
    const Tags = leaves
      .filter(({ path }) => sayPath(path.slice(0, -1)) === sayPath([...one.path, 'tags']))
      .map(({ path, value }) => ({ Key: String(path.at(-1)), Value: String(value) }));
    return {
      TableName,
      RotationScheme: one.scheme,
      PurgeRotation: retained(leaves, one),
      Properties: {
        AttributeDefinitions: [
          { AttributeName: 'h', AttributeType: 'S' },
          { AttributeName: 'r', AttributeType: 'B' },
        ],
        KeySchema: [
          { AttributeName: 'h', KeyType: 'HASH' },
          { AttributeName: 'r', KeyType: 'RANGE' },
        ],
        ...throughputOf(leaves, one.which),
        ...(Tags.length > 0 && { Tags }),
      },
    } as TableSpec;
  });
}

/** floor(retention / period) + 1, as https://grafana.com/docs/loki/v2.8.x/operations/storage/table-manager/ says. */
function retained(leaves: readonly Leaf[], { hours }: PeriodicTables): number {
  const enabled = leafAt(leaves, 'table_manager', 'retention_deletes_enabled')?.value === true;
  const retention = hoursOf(leafAt(leaves, 'table_manager', 'retention_period')?.value ?? 0) ?? 0;
  return enabled && retention > 0 ? Math.floor(retention / hours) + 1 : -1;
}

function settingsOf(leaves: readonly Leaf[], tables: readonly PeriodicTables[]): SettingsFile {
  const off = leafAt(leaves, 'table_manager', 'throughput_updates_disabled')?.value === true;
  const Tables = Object.fromEntries(
    tables.map((one) => [nameOf(one), { Scaling: { Method: 'none' as const } }]),
  );
  return off ? { Defaults: { Tables } } : {};
}

/** A line for each value about tables, and one for each other section. */
function reportOf(
  leaves: readonly Leaf[],
  tables: readonly PeriodicTables[],
  unfit: readonly Unfit[],
): ReportLine[] {
  const others = new Set<unknown>();
  return leaves.flatMap((leaf): ReportLine[] => {
    const [section] = leaf.path;
    if (section !== 'schema_config' && section !== 'table_manager') {
      if (others.has(section)) return [];
      others.add(section);
      return [
        {
          line: leaf.line,
          option: String(section),
          outcome: 'not-needed',
          message: 'It is not about tables.',
        },
      ];
    }
    const owner = [...tables, ...unfit].find(({ path }) => isInside(leaf, path));
    return [
      {
        line: leaf.line,
        option: sayPath(leaf.path),
        ...messageFor(leaf, owner, retainedWords(leaves, tables)),
      },
    ];
  });
}

const isInside = ({ path }: Leaf, outer: readonly (string | number)[]): boolean =>
  outer.every((part, i) => path[i] === part);

const retainedWords = (leaves: readonly Leaf[], tables: readonly PeriodicTables[]): string =>
  tables.map((one) => `${nameOf(one)} ${retained(leaves, one)}`).join(', ') || 'no group';
