import { visibleJson } from '../../config/quote.ts';
import { isoOrNull, sayInstant } from '../../core/calendar/instant.ts';
import { tableName } from '../../core/calendar/naming.ts';
import { type Table, windowTables } from '../../core/fleet.ts';
import { createdOnDemand } from '../../core/rotating/creation.ts';
import { plannedUnits } from '../../core/rotating/planned.ts';
import type { Config } from '../../core/spec.ts';
import { type CommonOptions, configOf, contextOf, localCommand } from '../context.ts';
import { grouped, table } from '../views/text.ts';

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
  localCommand('tables', 'list the tables of all retained and upcoming periods, without calling AWS').action(
    (options: CommonOptions) => {
      const context = contextOf(options);
      const listed = listTables(configOf(context), context.now);
      console.log(context.json ? visibleJson(listed, 2) : view(listed));
    },
  );

function view(listed: readonly ListedTable[]): string {
  if (listed.length === 0) return 'No tables. tables.json has no specs.';
  const when = (text: string | null): string => (text ? sayInstant(Date.parse(text)) : 'forever');
  return table(
    [
      { title: 'TABLE' },
      { title: 'PHASE' },
      { title: 'FROM' },
      { title: 'TO' },
      { title: 'READ/S', align: 'right' },
      { title: 'WRITE/S', align: 'right' },
    ],
    listed.map(({ name, phase, period, readCapacityUnits, writeCapacityUnits }) => [
      name,
      phase,
      period.start ? when(period.start) : '',
      when(period.end),
      grouped(readCapacityUnits ?? 'on-demand'),
      grouped(writeCapacityUnits ?? 'on-demand'),
    ]),
  );
}
