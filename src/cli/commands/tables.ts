import { visibleJson } from '../../config/quote.ts';
import { isoOrNull, sayInstant } from '../../core/calendar/instant.ts';
import { tableName } from '../../core/calendar/naming.ts';
import { type Table, windowTables } from '../../core/fleet.ts';
import { createdOnDemand } from '../../core/rotating/creation.ts';
import { sayUnlisted } from '../../core/rotating/environment.ts';
import { plannedUnits } from '../../core/rotating/planned.ts';
import type { Config } from '../../core/spec.ts';
import { sayUnits } from '../../core/throughput.ts';
import { type CommonOptions, type Context, configOf, contextOf, localCommand } from '../context.ts';
import { groupsNamed } from '../group.ts';
import { type Column, fittingWidth, layout, wrap } from '../views/layout.ts';
import { grouped, plural, style } from '../views/text.ts';

/** A table in `tables --json`. Capacity (units per second) is null for on-demand tables. Times are null for scheme `none`. */
export interface ListedTable {
  readonly name: string;
  readonly group: string;
  readonly period: { readonly start: string | null; readonly end: string | null };
  readonly phase: Table['phase'];
  readonly readCapacityUnits: number | null;
  readonly writeCapacityUnits: number | null;
}

/** Tables that should exist at `now` (epoch milliseconds) according to the configuration. */
function listTables(config: Config, now: number): ListedTable[] {
  return config.specs
    .flatMap((spec) => windowTables(spec, now))
    .map((table) => {
      const { spec, period, phase } = table;
      const own = spec.resources.find(({ index }) => index === undefined);
      const units = own && !createdOnDemand(table) && plannedUnits(spec, own, period, now);
      return {
        name: tableName(spec, period),
        group: spec.name,
        period: { start: isoOrNull(period.start), end: isoOrNull(period.end) },
        phase,
        readCapacityUnits: units ? units.read : null,
        writeCapacityUnits: units ? units.write : null,
      };
    });
}

export const tablesCommand = () =>
  localCommand('tables', 'list the tables of all retained and upcoming periods, without calling AWS')
    .argument('[groups...]', 'list only these groups')
    .action((groups: string[], options: CommonOptions) => {
      const context = contextOf(options);
      const config = configOf(context);
      const shown = groupsNamed(config, groups);
      if (config.unlisted?.similarTo !== undefined) console.error(sayUnlisted(config));
      const listed = listTables(config, context.now).filter(({ group }) => shown?.includes(group) ?? true);
      console.log(context.json ? visibleJson(listed, 2) : view(listed, context));
    });

const COLUMNS: readonly Column[] = [
  { title: 'PERIOD' },
  { title: 'PHASE' },
  { title: 'FROM (UTC)' },
  { title: 'TO (UTC)' },
  { title: 'READ/S', align: 'right' },
  { title: 'WRITE/S', align: 'right' },
];

/** Each group with its sums, and one row per table. */
function view(listed: readonly ListedTable[], { environment, now }: Context): string {
  if (listed.length === 0) return 'No tables. tables.json has no specs.';
  const groups = [...new Set(listed.map(({ group }) => group))];
  const heading = `${style.heading(environment)}, as of ${sayInstant(now)}: ${sums(listed)} in ${plural(groups.length, 'group')}.`;
  const body = groups.map((group) => {
    const own = listed.filter((one) => one.group === group);
    const title = wrap(`${style.heading(`${environment}.${group}`)}: ${sums(own)}`, fittingWidth());
    return `${title}\n${layout(
      COLUMNS,
      own.map((one) => rowOf(one, environment)),
      { indent: '  ' },
    )}`;
  });
  return [wrap(heading, fittingWidth()), ...body].join('\n\n');
}

function sums(tables: readonly ListedTable[]): string {
  const sum = (of: 'readCapacityUnits' | 'writeCapacityUnits'): number =>
    tables.reduce((total, table) => total + (table[of] ?? 0), 0);
  const units = { read: sum('readCapacityUnits'), write: sum('writeCapacityUnits') };
  return `${plural(tables.length, 'table')}, ${sayUnits(units)}`;
}

function rowOf(
  { name, group, phase, period, readCapacityUnits, writeCapacityUnits }: ListedTable,
  environment: string,
) {
  const when = (text: string | null, otherwise: string): string =>
    text ? sayInstant(Date.parse(text)).replace(/ UTC$/, '') : otherwise;
  return {
    cells: [
      name.slice(`${environment}.${group}.`.length) || '-',
      phase,
      when(period.start, ''),
      when(period.end, 'forever'),
      grouped(readCapacityUnits ?? 'on-demand'),
      grouped(writeCapacityUnits ?? 'on-demand'),
    ],
  };
}
