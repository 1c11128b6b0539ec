import { sayInstant } from '../../core/instant.ts';
import type { FleetStatus, TableStatus, Usage } from '../../jobs/status.ts';
import { plural, sayDuration, style, table } from './text.ts';

const phaseStyles: Readonly<Record<TableStatus['phase'], (text: string) => string>> = {
  upcoming: style.create,
  active: style.heading,
  draining: style.warn,
  outdated: style.faint,
  expired: style.bad,
};

const rate = (units: number): string => String(Number(units.toFixed(1)));

/** `3.2/5`, with the throttled rate behind it where there is one. */
function usage(of: Usage | null, status: string): string {
  if (!of) return status === 'MISSING' ? '' : 'on demand';
  const consumed = of.consumed === null ? '?' : rate(of.consumed);
  const throttled = of.throttled ? style.bad(` (${rate(of.throttled)} throttled)`) : '';
  return `${consumed}/${of.provisioned}${throttled}`;
}

function rowOf({ name, phase, status, read, write, createdAt, next }: TableStatus, now: number): string[] {
  return [
    name,
    phaseStyles[phase](phase),
    status === 'ACTIVE' ? status : style.warn(status),
    usage(read, status),
    usage(write, status),
    createdAt ? sayDuration(now - Date.parse(createdAt)) : '',
    next,
  ];
}

const indexRow = ({ name, read, write }: TableStatus['indexes'][number]): string[] => [
  `  index ${name}`,
  '',
  '',
  usage(read, ''),
  usage(write, ''),
];

/** The fleet for people: one row a table, used and provisioned units per second. */
export function viewStatus({ environment, at, tables, strangers }: FleetStatus): string {
  const now = Date.parse(at);
  const rows = tables.flatMap((one) => [rowOf(one, now), ...one.indexes.map(indexRow)]);
  const columns = [
    { title: 'TABLE' },
    { title: 'PHASE' },
    { title: 'STATUS' },
    { title: 'READ/S', align: 'right' as const },
    { title: 'WRITE/S', align: 'right' as const },
    { title: 'AGE', align: 'right' as const },
    { title: 'NEXT' },
  ];
  const missing = tables.filter(({ status }) => status === 'MISSING').length;
  const counted = `${plural(tables.length - missing, 'table')}${missing > 0 ? `, ${missing} missing` : ''}`;
  const heading = `${style.heading(environment)} at ${sayInstant(now)}: ${counted}. Used/provisioned units per second.`;
  const parts = [heading, '', rows.length > 0 ? table(columns, rows) : 'The configuration has no specs.'];
  if (strangers.length > 0) {
    parts.push('', `${plural(strangers.length, 'table')} of no spec, never touched: ${strangers.join(', ')}`);
  }
  return parts.join('\n');
}
