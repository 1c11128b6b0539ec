import { iso } from '../src/core/calendar/instant.ts';
import { needsAttention, type Summary } from '../src/jobs/run.ts';
import type { Files } from './operator.ts';
import type { Run } from './run.ts';

/** Only so many tables go at a time, and a further run goes on. */
export const capped = ({ outcome }: Run): boolean =>
  outcome?.kind === 'summary' && outcome.summary.holds.some(({ reason }) => reason === 'cap');

/** What went wrong without any fault; a table that somebody made by hand may stand in the way of a group. */
export function troublesOf({ outcome, message, results, holds }: Summary): string[] {
  if (outcome === 'done') return [];
  const failed = results.filter((result) => result.outcome === 'failed' || result.outcome === 'skipped');
  const others = holds.filter((hold) => needsAttention(hold) && hold.urgent !== true);
  const told = [...failed.map(({ error }) => String(error)), ...others.map((hold) => hold.message)];
  return told.length > 0 || outcome === 'skipped' ? [message, ...told] : [];
}

export const sayGroup = ({
  TableName,
  RotationScheme,
  PurgeRotation = '-1',
}: Files['tables'][number]): string => `${TableName} ${RotationScheme} ${PurgeRotation}`;

export function sayRun({ id, outcome, weather, crash, eventTime, began, skewMs }: Run): string {
  const late = eventTime === began ? '' : ` for ${iso(eventTime).slice(0, 16)}`;
  const skew = skewMs === 0 ? '' : ` its clock off by ${skewMs / 1000} s`;
  const faults = weather.injected === 0 ? '' : ` ${weather.injected} faults`;
  const head = `${id}${late}${skew}${faults}:`;
  if (outcome?.kind === 'crashed')
    return `${head} crashed ${crash?.performed ? 'after' : 'before'} call ${crash?.atCall}`;
  if (outcome?.kind === 'error') return `${head} ${outcome.name}: ${outcome.message}`;
  const { summary } = outcome!;
  const results = summary.results.map(({ action, outcome: how }) => `${action.kind} ${action.table} ${how}`);
  return `${head} ${summary.outcome} ${results.join(', ')} [${[...new Set(summary.holds.map(({ reason }) => reason))].join(', ')}]`;
}
