import { sayInstant } from '../../core/calendar/instant.ts';
import type { GroupSums, Sums } from '../../core/requests/environments.ts';
import type { EnvironmentStatus, Environments } from '../../jobs/environments.ts';
import { type Column, fittingWidth, layout, type Row, wrap } from './layout.ts';
import { type KnownPlace, viewPlace } from './place.ts';
import { grouped, plural, sayBytes, style, visible } from './text.ts';

const COLUMNS: readonly Column[] = [
  { title: 'GROUP' },
  { title: 'TABLES', align: 'right' },
  { title: 'SIZE', align: 'right' },
  { title: 'USD/MONTH', align: 'right' },
  { title: 'PHASES' },
];

/** Formats every environment: its sums, what is special about it, and one row per group. */
export function viewEnvironments({ at, environments, unsure, ...all }: Environments & KnownPlace): string {
  const title = viewPlace(plural(environments.length, 'environment'), all);
  const requests = all.onDemand > 0 ? ' The requests of on-demand tables are not included.' : '';
  const heading = `${title}, as of ${sayInstant(Date.parse(at))}: ${saySums(all)}.${requests}`;
  return [wrap(heading, fittingWidth()), ...environments.map(viewOne), ...sayUnsure(unsure)].join('\n\n');
}

/** Names that might be environments of other people, or of another tool. */
function sayUnsure(unsure: Environments['unsure']): string[] {
  const [first] = unsure;
  if (!first) return [];
  const names = unsure.map(({ environment }) => visible(environment)).sort();
  const text = `Could not read whether these are environments too: ${names.join(', ')}. ${visible(first.error)}`;
  return [wrap(style.warn(text), fittingWidth())];
}

const money = (usd: number): string => grouped(usd.toFixed(2));

const saySums = ({ tables, sizeBytes, costMonth }: Sums): string =>
  `${plural(tables, 'table')}, ${sayBytes(sizeBytes)}, USD ${money(costMonth)} per month`;

function viewOne(status: EnvironmentStatus): string {
  const { environment, groups, unread } = status;
  const title = style.heading(visible(environment));
  const heading = unread === null || groups.length > 0 ? `${title}: ${saySums(status)}` : `${title}: unknown`;
  const lines = [heading, ...notesOn(status).map((note) => `  ${note}`)];
  const rows = groups.map(rowOf);
  return [
    ...lines.map((line) => wrap(line.trimStart(), fittingWidth(), line.startsWith('  ') ? '  ' : '')),
    ...(rows.length > 0 ? [layout(COLUMNS, rows, { indent: '  ' })] : []),
  ].join('\n');
}

/** What is special about an environment. */
function notesOn({
  listed,
  closed,
  protected: isProtected,
  hasStateTable,
  unmanaged,
  unread,
}: EnvironmentStatus) {
  return [
    ...(unread === null ? [] : [style.bad(`Could not read all of it: ${visible(unread)}`)]),
    ...(closed ? [style.warn(sayClosed(closed))] : []),
    ...(isProtected ? ['Protected: no command tears it down.'] : []),
    ...(listed ? [] : ['settings.json does not list it.']),
    ...(hasStateTable ? [] : ['It has no state table.']),
    ...(unmanaged > 0 ? [sayUnmanaged(unmanaged, isProtected !== null)] : []),
  ];
}

const sayClosed = ({ since, by }: NonNullable<EnvironmentStatus['closed']>): string =>
  `Closed at ${sayInstant(Date.parse(since))}${by === null ? '' : ` by ${visible(by)}`}: purge deletes its tables.`;

const sayUnmanaged = (count: number, configured: boolean): string =>
  configured
    ? `${plural(count, 'unmanaged table')} (no spec matches, never changed)`
    : `${plural(count, 'table')} whose names have no date`;

function rowOf({ group, phases, onDemand, ...sums }: GroupSums): Row {
  return {
    cells: [
      visible(group),
      String(sums.tables),
      sayBytes(sums.sizeBytes),
      `${money(sums.costMonth)}${onDemand > 0 ? '+?' : ''}`,
      sayPhases(phases),
    ],
  };
}

const sayPhases = (phases: GroupSums['phases']): string =>
  phases === null
    ? 'unknown'
    : Object.entries(phases)
        .map(([phase, count]) => `${count} ${phase}`)
        .join(', ');
