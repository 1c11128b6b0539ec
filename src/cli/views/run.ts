import { sayInstant } from '../../core/instant.ts';
import type { Summary } from '../../jobs/run.ts';
import { viewResult } from './results.ts';
import { style } from './text.ts';

/** One run of a job: a line for it, and one for every action. */
export function viewRun({ job, at, outcome, message, results }: Summary): string {
  const word = { done: style.good('done'), failed: style.bad('failed'), skipped: style.warn('skipped') }[
    outcome
  ];
  const heading = `${sayInstant(Date.parse(at))}  ${style.heading(job)} ${word}: ${message}`;
  return [heading, ...results.map((result, i) => `  ${viewResult(result, i + 1, results.length)}`)].join(
    '\n',
  );
}
