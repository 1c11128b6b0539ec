import { sayInstant } from '../../core/calendar/instant.ts';
import { needsAttention } from '../../core/failing-holds.ts';
import type { Hold } from '../../core/plan.ts';
import type { Summary } from '../../jobs/run.ts';
import { foldHolds } from './fold-holds.ts';
import { viewResult } from './results.ts';
import { style, visible } from './text.ts';

/** A run of a job, or one that a signal ended before all its actions had started. */
export interface ShownRun extends Omit<Summary, 'outcome'> {
  readonly outcome: Summary['outcome'] | 'interrupted';
}

/** Formats one run of a job: a heading, one line per action, and one line per hold that made the run fail. */
export function viewRun({ job, at, outcome, message, remark, results, holds }: ShownRun): string {
  const words = {
    done: style.good('done'),
    failed: style.bad('failed'),
    skipped: style.warn('skipped'),
    interrupted: style.warn('interrupted'),
  };
  const said = visible(remark === undefined ? message : `${message} ${remark}`);
  const heading = `${sayInstant(Date.parse(at))}  ${style.heading(job)} ${words[outcome]}: ${said}`;
  const lines = [
    ...results.map((result, i) => viewResult(result, i + 1, results.length)),
    ...foldHolds(holds.filter(needsAttention), viewHold, viewRest),
  ];
  return [heading, ...lines.map((line) => `  ${line}`)].join('\n');
}

const viewHold = ({ kind, table, message }: Hold): string =>
  `${style.hold('!')} ${kind} held ${visible(table)}  ${style.bad(visible(message))}`;

const viewRest = ({ kind, group, reason }: Hold, count: number): string =>
  `${style.hold('!')} ${kind} held ${visible(group)}  ${style.bad(`and ${count} more tables: ${reason}`)}`;
